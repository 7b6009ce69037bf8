import { defineConfig } from "vite";

// Grafana's packages expect what a bundler of Node code defines.
export default defineConfig({
  esbuild: { jsx: "transform" },
  build: { target: "es2022", minify: false },
  define: { "process.env.NODE_ENV": '"production"', "process.env": "{}", global: "globalThis" },
});
