import { screen, waitFor } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { cart, line, order } from "../test/fixtures";
import { Failure, network, noNetwork, open } from "../test/store";
import type { Request } from "../test/store";

const full = { "GET /api/cart/": cart([line()]) };
const field = (name: string) => screen.findByRole("textbox", { name });
const place = (user: UserEvent) => user.click(screen.getByRole("button", { name: "Place order · $20.80" }));
const sent = (requests: Request[]) => requests.filter((one) => one.path === "/api/checkout/");
const fill = async (user: UserEvent) => {
  await user.type(await field("E-mail"), "ada@example.com");
  await user.type(await field("Full name"), "Ada Lovelace");
  await user.type(await field("Street and number"), "12 St James's Square");
  await user.type(await field("Postcode"), "SW1Y 4JH");
  await user.type(await field("City"), "London");
  await user.selectOptions(screen.getByRole("combobox", { name: "Country" }), "United Kingdom");
};

test("empty fields are marked, the first one has the focus, and nothing is sent", async () => {
  const requests = network(full);
  const { user } = open("/checkout");
  const email = await field("E-mail");
  await place(user);
  expect(document.activeElement).toBe(email);
  expect(email.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(email.getAttribute("aria-describedby") ?? "")?.textContent).toBe("Please fill this in.");
  expect(sent(requests)).toEqual([]);
});

test("the store's reason stands beside its field", async () => {
  network({ ...full, "POST /api/checkout/": new Failure(400, { errors: [{ field: "postal_code", code: "invalid", message: "That is no postcode." }] }) });
  const { user } = open("/checkout");
  await fill(user);
  await place(user);
  expect(await screen.findByText("That is no postcode.")).toBeTruthy();
  expect((await field("Postcode")).getAttribute("aria-invalid")).toBe("true");
});

test("an order is sent with the country's code and leads to its confirmation", async () => {
  const requests = network({ ...full, "POST /api/checkout/": order(), "GET /api/orders/P100/": order() });
  const { user } = open("/checkout");
  await fill(user);
  await place(user);
  expect(await screen.findByRole("heading", { level: 1, name: "Order P100" })).toBeTruthy();
  expect(screen.getByText("Thank you!")).toBeTruthy();
  expect(sent(requests)[0]?.body).toMatchObject({ name: "Ada Lovelace", country: "GB", payment_method: "cash_on_delivery" });
});

test("without a network the order is kept, and trying again sends the same attempt", async () => {
  let offline = true;
  const requests = network({ ...full, "POST /api/checkout/": () => (offline ? noNetwork() : order()), "GET /api/orders/P100/": order() });
  const { user } = open("/checkout");
  await fill(user);
  await place(user);
  expect((await screen.findByRole("alert")).textContent).toBe("You are offline. Your cart is kept: place the order when there is a network again.");
  const key = sessionStorage.getItem("checkout-key");
  offline = false;
  await place(user);
  await screen.findByRole("heading", { level: 1, name: "Order P100" });
  expect(key).toMatch(/^[0-9a-f-]{36}$/);
  await waitFor(() => expect(sessionStorage.getItem("checkout-key")).toBeNull());
  expect(sent(requests)).toHaveLength(2);
});

test("an e-mail address that is none is refused before it is sent, and its problem goes with the next letter", async () => {
  const requests = network(full);
  const { user } = open("/checkout");
  await fill(user);
  await user.clear(await field("E-mail"));
  await user.type(await field("E-mail"), "ada");
  await place(user);
  expect(screen.getByText("This is not an e-mail address.")).toBeTruthy();
  expect(document.activeElement).toBe(await field("E-mail"));
  expect(sent(requests)).toEqual([]);
  await user.type(await field("E-mail"), "@");
  expect(screen.queryByText("This is not an e-mail address.")).toBeNull();
});

test("where the last order went is filled in already: the next one is a tap", async () => {
  const requests = network({ ...full, "GET /api/orders/": [order()], "POST /api/checkout/": order(), "GET /api/orders/P100/": order() });
  const { user } = open("/checkout");
  await field("E-mail");
  await place(user);
  await screen.findByRole("heading", { level: 1, name: "Order P100" });
  expect(sent(requests)[0]?.body).toMatchObject({ email: "ada@example.com", name: "Ada", address_line1: "Main St 1", postal_code: "N1", country: "GB" });
});

test("keyboards and browsers are told what each field is", async () => {
  network(full);
  open("/checkout");
  const email = await field("E-mail");
  const hints = ["E-mail", "Phone (optional)", "Full name", "Street and number", "Postcode", "City"].map((name) => screen.getByRole("textbox", { name }).getAttribute("autocomplete"));
  expect(hints).toEqual(["email", "tel", "name", "address-line1", "postal-code", "address-level2"]);
  expect([email.getAttribute("inputmode"), screen.getByRole("textbox", { name: "Phone (optional)" }).getAttribute("inputmode")]).toEqual(["email", "tel"]);
});
