import { defineConfig } from "revline";

export default defineConfig({
  url: process.env.DATABASE_URL ?? "sqlite:./app.db",
  models: "./models.js",
  migrations: "./migrations",
  language: "javascript",
});
