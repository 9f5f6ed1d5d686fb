export { defineConfig } from "./config/config.ts";
