// What the page and its service worker both have to know.

/** The cache of the API's answers; the page puts in what it had before the worker was there. */
export const OFFLINE_ANSWERS = "answers-1";

/** A response's header that says why it is an older one: "offline" or "slow". */
export const KEPT_HEADER = "X-Kept";
