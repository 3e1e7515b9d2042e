// What the page and its service worker both have to know.

/** The cache of the API's answers; the page puts in what it had before the worker was there. */
export const OFFLINE_ANSWERS = "answers-1";

/** The cache of the pack with which the phone searches by itself; the page's worker keeps it. */
export const SEARCH_PACK = "search-pack";

/** A response's header that says why it is an older one: "offline" or "slow". */
export const KEPT_HEADER = "X-Kept";
