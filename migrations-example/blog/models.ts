/** The models as they are now; the steps before are beside it, for the history. */
export * from "./steps/2-posts.ts";
