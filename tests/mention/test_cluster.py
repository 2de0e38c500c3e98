"""Word clusters: learnt from texts alone, and found again by word."""

from kg.mention.cluster import cluster_words
from kg.mention.lexicon import read_table, word_clusters


def test_the_same_texts_give_the_same_clusters() -> None:
    texts = ["推进城市建设，发展农业产业。" * 5, "实施农村建设，发展工业产业。" * 5]
    table = list(cluster_words(texts))
    assert table == list(cluster_words(texts))
    assert {word for word, _ in table} >= {"发展", "产业", "建设"}


def test_words_of_one_use_share_a_cluster() -> None:
    assert word_clusters("推进") == word_clusters("推动")
    assert word_clusters("2024") == word_clusters("35")
    assert word_clusters("没有这个词") == ("-", "-")
    assert len(read_table("cluster.tsv")) > 10_000
