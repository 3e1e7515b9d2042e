// Names for the wire format; the shapes are generated from the API's OpenAPI schema (npm run types).
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Picture = Schemas["Picture"];
export type ProductCard = Schemas["ProductCard"];
export type ProductDetail = Schemas["ProductDetail"];
export type SearchResponse = Schemas["SearchResponse"];
export type Facet = Schemas["Facet"];
export type FacetValue = Schemas["FacetValue"];
export type Hit = Schemas["Hit"];
export type Constraint = Schemas["FoundConstraint"];
export type RelaxedConstraint = Schemas["RelaxedConstraint"];
export type DroppableFilter = Schemas["DroppableFilter"];
export type Suggestion = Schemas["Suggestion"];
export type Suggestions = Schemas["Suggestions"];
export type SearchPack = Schemas["SearchPack"];
export type Cart = Schemas["Cart"];
export type CartLine = Schemas["CartLine"];
export type Order = Schemas["Order"];
export type Account = Schemas["Account"];
export type Comparison = Schemas["Comparison"];
export type ComparedFact = Schemas["ComparedFact"];
export type Home = Schemas["Home"];
export type Problem = Schemas["Problem"];
export type Layout = "list" | "card" | "grid";
export type Category = Omit<Schemas["Category"], "children"> & { children: Category[] };
