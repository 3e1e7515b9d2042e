import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { facet, results, value } from "../test/fixtures";
import { network, open } from "../test/store";
import type { Request } from "../test/store";

/** Seven brands; the last has nothing to show. Whatever is in the request is selected. */
const answer = ({ params }: Request) => {
  const brand = facet({
    key: "brand",
    label: "Brand",
    values: ["A", "B", "C", "D", "E", "F", "G"].map((name) =>
      value({ value: name, count: name === "G" ? 0 : 9, selected: params.getAll("brand").includes(name) }),
    ),
  });
  return results({ total: params.has("brand") ? 9 : 54, facets: [brand] });
};
const sheet = () => screen.getByRole("dialog", { name: "Filters" });
const openSheet = async () => {
  const requests = network({ "GET /api/search/": answer });
  const { user } = open("/search?q=mug");
  await screen.findByText("54 products");
  await user.click(screen.getByRole("button", { name: "Filters" }));
  return { requests, user };
};

test("a value picked in the sheet narrows the results behind it, and the sheet stays open", async () => {
  const { user } = await openSheet();
  await user.click(within(sheet()).getByRole("checkbox", { name: /^B/ }));
  expect(await within(sheet()).findByRole("button", { name: "Show 9 products" })).toBeTruthy();
  expect(within(sheet()).getByRole<HTMLInputElement>("checkbox", { name: /^B/ }).checked).toBe(true);
  expect(location.search).toBe("?q=mug&brand=B");
});

test("a value without products is shown and cannot be picked", async () => {
  const { user } = await openSheet();
  await user.click(within(sheet()).getByRole("button", { name: "Show 1 more" }));
  expect(within(sheet()).getByRole<HTMLInputElement>("checkbox", { name: /^G/ }).disabled).toBe(true);
});

test("an applied filter is a chip above the results that takes it out again", async () => {
  const { user } = await openSheet();
  await user.click(within(sheet()).getByRole("checkbox", { name: /^B/ }));
  await within(sheet()).findByRole("button", { name: "Show 9 products" });
  await user.click(within(sheet()).getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(location.search).toBe("?q=mug&brand=B");
  expect(screen.getByRole("button", { name: "Filters, 1 active" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Remove filter B" }));
  expect(await screen.findByText("54 products")).toBeTruthy();
  expect(location.search).toBe("?q=mug");
});

test("Back closes the sheet and keeps what was picked, and Back again takes it out", async () => {
  const { user } = await openSheet();
  await user.click(within(sheet()).getByRole("checkbox", { name: /^B/ }));
  await within(sheet()).findByRole("button", { name: "Show 9 products" });
  history.back();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(location.search).toBe("?q=mug&brand=B"));
  history.back();
  await waitFor(() => expect(location.search).toBe("?q=mug"));
  expect(screen.queryByRole("dialog")).toBeNull();
});
