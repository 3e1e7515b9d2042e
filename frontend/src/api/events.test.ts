import { expect, test } from "vitest";
import { Failure, network, noNetwork } from "../test/store";
import type { Request } from "../test/store";
import { flushEvents, logEvent } from "./events";
import { entries } from "./outbox";

const sent = (requests: Request[]) => requests.map((one) => (one.body as { events: { product_id: number }[] }).events.map((event) => event.product_id));
const ids = (requests: Request[]) => requests.flatMap((one) => (one.body as { events: { event_id: string }[] }).events.map((event) => event.event_id));
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("events wait for a network and then go in order, under the ids they had", async () => {
  const lost = network({ "POST /api/events/": noNetwork });
  logEvent("click", 1);
  logEvent("view", 2);
  flushEvents();
  await settled();
  logEvent("click", 3);
  flushEvents();
  await settled();
  expect(entries("events").length).toBe(2);
  const requests = network({ "POST /api/events/": { accepted: 2 } });
  flushEvents();
  await settled();
  expect(sent(requests)).toEqual([[1, 2], [3]]);
  expect(ids(requests).slice(0, 2)).toEqual(ids(lost).slice(0, 2));
  expect(entries("events")).toEqual([]);
});

test("what the store refuses is not sent again", async () => {
  network({ "POST /api/events/": new Failure(400) });
  logEvent("click", 1);
  flushEvents();
  await settled();
  expect(entries("events")).toEqual([]);
});
