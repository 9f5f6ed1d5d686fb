import { defineConfig } from "revline";

export default defineConfig({
  url: process.env.DATABASE_URL ?? "sqlite:./app.db",
  models: "./models.ts",
  migrations: "./migrations",
});
