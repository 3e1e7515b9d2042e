"""The admin's page of proposed item groups; one tap accepts or declines."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from search.item_group_proposals import Proposal, accept, decline, propose_item_groups
from shop.catalog.models import Product

PAGE = "admin/catalog/product/proposed_variants.html"
MAX_GROUP = 80  # characters: Product.item_group


class ProposedVariants:
    """Mixed into the product admin."""

    @action(
        description="Proposed variants", url_path="proposed-variants", icon="style", permissions=["change"]
    )
    def proposed_variants(self, request: HttpRequest) -> HttpResponse:
        """Products that differ only in colour or size by their titles, and are near by their vectors."""
        if request.method == "POST":
            self._decide(request)
            return HttpResponseRedirect(reverse("admin:catalog_product_proposed_variants"))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "Proposed variants",
            "opts": Product._meta,
            "proposals": propose_item_groups(),
        }
        return TemplateResponse(request, PAGE, context)

    def _decide(self, request: HttpRequest) -> None:
        """About one that is still proposed: the products may have changed since the page was opened."""
        key, name = (request.POST.get(field, "").strip() for field in ("key", "item_group"))
        proposal = next((one for one in propose_item_groups() if one.key == key), None)
        if proposal is None:
            messages.warning(request, "That is not proposed any more.")
        elif request.POST.get("decision") != "accept":
            decline(key)
            messages.success(request, f"Declined: {proposal.titles[0]} and {len(proposal.titles) - 1} more.")
        elif not 0 < len(name) <= MAX_GROUP:
            messages.error(request, f"A group needs a name of at most {MAX_GROUP} characters.")
        else:
            accept(name, proposal.product_ids)
            self._log(request, proposal, name)
            messages.success(request, f"{len(proposal.product_ids)} products are variants of “{name}” now.")

    def _log(self, request: HttpRequest, proposal: Proposal, name: str) -> None:
        """In the history of each product."""
        products: Any = Product.objects.filter(pk__in=proposal.product_ids)
        LogEntry.objects.log_actions(request.user.pk, products, CHANGE, f"Accepted as a variant of “{name}”")
