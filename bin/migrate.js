#!/usr/bin/env node
import { main } from "../dist/bin/migrate.js";

process.exitCode = await main(process.argv.slice(2));
