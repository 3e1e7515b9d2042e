"""What `explain=1` adds to a search: every stage of it, for developers; the wire format, and its body."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from search.explain import explain
from search.explanation import ExplainedHit as HitOfSearch
from search.pipeline import SearchResults


class SaidConstraint(serializers.Serializer[Any]):
    key = serializers.CharField()
    text = serializers.CharField()


class ExplainedQuery(serializers.Serializer[Any]):
    query = serializers.CharField(allow_blank=True)
    corrected_from = serializers.CharField(allow_null=True)
    constraints = SaidConstraint(many=True)
    relaxed = SaidConstraint(many=True)


class ExplainedTerm(serializers.Serializer[Any]):
    term = serializers.CharField()
    idf = serializers.FloatField()
    document_frequency = serializers.IntegerField()
    is_synonym = serializers.BooleanField()


class ExplainedKind(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    share = serializers.FloatField(help_text="Of the nearest products' weight.")
    name_share = serializers.FloatField(help_text="How near the category's name is, among all names.")


class ExplainedPool(serializers.Serializer[Any]):
    size = serializers.IntegerField()
    with_words = serializers.IntegerField()
    near = serializers.IntegerField()
    named = serializers.IntegerField()
    passing = serializers.IntegerField(help_text="The filters.")


class ExplainedHit(serializers.Serializer[Any]):
    product_id = serializers.IntegerField()
    position = serializers.IntegerField()
    score = serializers.FloatField()
    lexical = serializers.FloatField(allow_null=True, help_text="BM25.")
    semantic = serializers.FloatField(allow_null=True, help_text="Cosine.")
    lexical_z = serializers.FloatField(allow_null=True)
    semantic_z = serializers.FloatField(allow_null=True)
    semantic_rank = serializers.IntegerField(allow_null=True)
    parts = serializers.DictField(child=serializers.FloatField(), help_text="They add up to the score, in order.")
    is_pinned = serializers.BooleanField(help_text="By a rule.")


class Explanation(serializers.Serializer[Any]):
    version_id = serializers.IntegerField(allow_null=True)
    timings_ms = serializers.DictField(child=serializers.FloatField())
    understood = ExplainedQuery()
    terms = ExplainedTerm(many=True, help_text="The query's words as they are indexed, the rarest first.")
    unknown_words = serializers.ListField(child=serializers.CharField())
    lexical_weight = serializers.FloatField()
    agreement = serializers.FloatField(allow_null=True, help_text="Of words and meaning, 0 to 1.")
    coverage = serializers.FloatField(
        allow_null=True, help_text="How much of the query, or of what is enough, a product has at most."
    )
    relevance_floor = serializers.FloatField(allow_null=True)
    meant_by = serializers.CharField(
        allow_null=True, help_text="The query whose clicks moved the meaning of this one: itself, or how it ends."
    )
    kinds = ExplainedKind(many=True)
    pool = ExplainedPool()
    hits = ExplainedHit(many=True)


def explanation_body(results: SearchResults, timings_ms: dict[str, float]) -> dict[str, Any]:
    """Two SQL queries at most."""
    explanation = explain(results)
    understood = explanation.understood
    return {
        "version_id": explanation.version_id,
        "timings_ms": {name: round(ms, 3) for name, ms in timings_ms.items()},
        "understood": {
            "query": understood.text,
            "corrected_from": understood.corrected_from,
            "constraints": [{"key": one.key, "text": one.text} for one in understood.constraints],
            "relaxed": [{"key": one.constraint.key, "text": one.constraint.text} for one in understood.relaxed],
        },
        "terms": [
            {
                "term": term.term,
                "idf": term.idf,
                "document_frequency": term.document_frequency,
                "is_synonym": term.is_synonym,
            }
            for term in explanation.terms
        ],
        "unknown_words": list(explanation.unknown),
        "lexical_weight": explanation.lexical_weight,
        "agreement": explanation.agreement,
        "coverage": explanation.coverage,
        "relevance_floor": explanation.floor,
        "meant_by": explanation.meant_by,
        "kinds": [
            {"slug": kind.slug, "name": kind.name, "share": kind.share, "name_share": kind.name_share}
            for kind in explanation.kinds
        ],
        "pool": asdict(explanation.pool),
        "hits": [_hit(hit) for hit in explanation.hits],
    }


def _hit(hit: HitOfSearch) -> dict[str, Any]:
    return {
        "product_id": hit.product_id,
        "position": hit.position,
        "score": hit.score,
        "lexical": hit.bm25,
        "semantic": hit.cosine,
        "lexical_z": hit.bm25_z,
        "semantic_z": hit.cosine_z,
        "semantic_rank": hit.cosine_rank,
        "parts": hit.parts,
        "is_pinned": hit.is_pinned,
    }
