// inject.cjs MAIN OUT ASSETS-JSON: puts a bundled program and its assets into a copy of the Node that runs this
// script, by pkg's own step for single executables. (pkg's command line would download a Node first.)
"use strict";
const { default: sea } = require("@yao-pkg/pkg/lib-es5/sea.js");

const [main, output, assets] = process.argv.slice(2);
sea(main, {
  targets: [
    {
      output,
      platform: "linux",
      arch: "x64",
      nodeRange: `node${process.versions.node.split(".")[0]}`,
    },
  ],
  nodePath: process.execPath,
  signature: false,
  seaConfig: { useCodeCache: true, assets: JSON.parse(assets) },
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
