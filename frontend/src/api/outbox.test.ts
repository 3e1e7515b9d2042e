import { expect, test, vi } from "vitest";
import { append, entries, sendInOrder } from "./outbox";

const waiting = () => entries<number>("test").map((entry) => entry.value);

test("entries are sent in the order in which they came, also those of one millisecond", async () => {
  vi.spyOn(Date, "now").mockReturnValue(1_790_000_000_000);
  for (const number of [1, 2, 3, 4]) append("test", number);
  vi.restoreAllMocks();
  const sent: number[] = [];
  await sendInOrder<number>("test", async (number) => void sent.push(number));
  expect(sent).toEqual([1, 2, 3, 4]);
  expect(waiting()).toEqual([]);
});

test("what fails stays first, and nothing overtakes it", async () => {
  for (const number of [1, 2, 3]) append("test", number);
  let away = true;
  const sent: number[] = [];
  const send = async (number: number) => {
    if (away && number === 2) throw new Error("away");
    sent.push(number);
  };
  await expect(sendInOrder("test", send)).rejects.toThrow("away");
  expect([sent, waiting()]).toEqual([[1], [2, 3]]);
  away = false;
  await sendInOrder("test", send);
  expect(sent).toEqual([1, 2, 3]);
});

test("two senders at once send each entry once, with what comes meanwhile", async () => {
  append("test", 1);
  const sent: number[] = [];
  const send = async (number: number) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    sent.push(number);
    if (number === 1) append("test", 2);
  };
  await Promise.all([sendInOrder("test", send), sendInOrder("test", send)]);
  expect(sent).toEqual([1, 2]);
});

test("where storage is forbidden entries live as long as the page", async () => {
  const forbidden = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  append("test", 7);
  forbidden.mockRestore();
  expect(waiting()).toEqual([7]);
  await sendInOrder<number>("test", async () => undefined);
  expect(waiting()).toEqual([]);
});
