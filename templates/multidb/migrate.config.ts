import { defineConfig } from "revline";

export default defineConfig({
  migrations: "./migrations",
  multidb: true,
  databases: {
    engine1: {
      url: process.env.ENGINE1_URL ?? "sqlite:./engine1.db",
      models: "./models/engine1.ts",
    },
    engine2: {
      url: process.env.ENGINE2_URL ?? "sqlite:./engine2.db",
      models: "./models/engine2.ts",
    },
  },
});
