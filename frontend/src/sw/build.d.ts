// What the build writes into the worker (vite.worker.ts).
declare const __SHELL__: string[];
declare const __ENTRY__: string;
declare const __VERSION__: string;
