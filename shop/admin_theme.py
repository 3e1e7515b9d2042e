"""How the admin looks: the store's name and accent colour, and what its sidebar leads to."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

# The storefront's accent, #3f37e0, is 600; the others are the same hue (oklch), lighter and darker.
_ACCENT = {
    "50": "oklch(97% .014 274)",
    "100": "oklch(93.5% .032 274)",
    "200": "oklch(87.5% .062 274)",
    "300": "oklch(79% .108 274.5)",
    "400": "oklch(68.5% .165 275.5)",
    "500": "oklch(57.5% .215 276)",
    "600": "#3f37e0",
    "700": "oklch(42% .225 275)",
    "800": "oklch(36% .185 275)",
    "900": "oklch(31% .14 275)",
    "950": "oklch(22% .095 275)",
}
_VERSION = "search_encoderversion"
_LOG = "search_searchquery"
_RULE = "search_merchandisingrule"


def _link(title: str, icon: str, name: str, permission: str = "") -> dict[str, Any]:
    link: dict[str, Any] = {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}
    if permission:
        link["permission"] = lambda request: request.user.has_perm(permission)
    return link


def _learned(title: str, icon: str, model: str) -> dict[str, Any]:
    """A list of what the store learns from or has learned."""
    return _link(title, icon, f"search_{model}_changelist", f"search.view_{model}")


def _searches() -> dict[str, Any]:
    """The log; the pages below it in the address have links of their own."""
    log, *others = (reverse_lazy(f"admin:{_LOG}_{name}") for name in ("changelist", "reports", "why"))
    link = _link("Searches", "search", f"{_LOG}_changelist", "search.view_searchquery")

    def is_active(request: Any) -> bool:
        return request.path.startswith(str(log)) and request.path not in map(str, others)

    return {**link, "active": is_active}


def admin_theme(store_name: str) -> dict[str, Any]:
    """Settings of django-unfold."""
    return {
        "SITE_TITLE": store_name,
        "SITE_HEADER": store_name,
        "SITE_SYMBOL": "storefront",
        "SITE_URL": "/",
        "SHOW_BACK_BUTTON": True,
        "DASHBOARD_CALLBACK": "shop.dashboard.dashboard",
        "COLORS": {"primary": _ACCENT},
        "BORDER_RADIUS": "8px",
        "STYLES": [lambda request: static("shop/admin.css")],
        "SIDEBAR": {
            "show_search": False,
            "navigation": [
                {
                    "title": "",
                    "items": [_link("Overview", "dashboard", "index")],
                },
                {
                    "title": "Catalogue",
                    "separator": True,
                    "items": [
                        _link("Products", "inventory_2", "catalog_product_changelist", "catalog.view_product"),
                        _link("Categories", "category", "catalog_category_changelist", "catalog.view_category"),
                    ],
                },
                {
                    "title": "Sales",
                    "separator": True,
                    "items": [
                        _link("Orders", "receipt_long", "orders_order_changelist", "orders.view_order"),
                        _link("Speed", "speed", "metrics_reading_changelist", "metrics.view_reading"),
                    ],
                },
                {
                    "title": "Search",
                    "separator": True,
                    "items": [
                        _link("Search reports", "monitoring", f"{_LOG}_reports", "search.view_searchquery"),
                        _link("Why is this third?", "help", f"{_LOG}_why", "search.view_searchquery"),
                        _link("Rules", "rule", f"{_RULE}_changelist", "search.view_merchandisingrule"),
                        _link("Synonyms", "compare_arrows", "search_synonym_changelist", "search.view_synonym"),
                        _searches(),
                        _link("Events", "ads_click", "search_searchevent_changelist", "search.view_searchevent"),
                        _link("Ranking", "swap_vert", "search_searchsettings_changelist", "search.view_searchsettings"),
                        _link("Filters", "filter_alt", "search_facetkey_changelist", "search.view_facetkey"),
                    ],
                },
                {
                    "title": "Learning",
                    "separator": True,
                    "items": [
                        _link("Encoders", "model_training", f"{_VERSION}_changelist", "search.view_encoderversion"),
                        _link("Online tests", "balance", "search_onlinetest_changelist", "search.view_onlinetest"),
                        _learned("Training rounds", "history", "traininground"),
                        _learned("Judged queries", "fact_check", "judgedquery"),
                        _learned("Click memory", "psychology", "clickmemory"),
                        _learned("Query adapters", "tune", "queryadapter"),
                        _learned("Learned rankers", "leaderboard", "learnedranker"),
                        _learned("Position bias", "align_vertical_top", "positionbias"),
                    ],
                },
                {
                    "title": "Staff",
                    "separator": True,
                    "items": [
                        _link("Users", "person", "auth_user_changelist", "auth.view_user"),
                        _link("Groups", "group", "auth_group_changelist", "auth.view_group"),
                    ],
                },
            ],
        },
    }
