import type { Stacks } from "../components/model/stacks.ts";

/** Every stack by the name that Pulumi and the commands know it by. Each is loaded by itself: a mistake in one stops no other. */
export const stacks = {
  dev: () => import("./dev.ts"),
  staging: () => import("./staging.ts"),
  lvs: () => import("./lvs.ts"),
  layers: () => import("./layers.ts"),
  metal: () => import("./metal.ts"),
  board: () => import("./examples/board/stack.ts"),
  chat: () => import("./examples/chat/stack.ts"),
  "aws-staging": () => import("./aws-staging.ts"),
  "aws-production": () => import("./aws-production.ts"),
} satisfies Stacks;
