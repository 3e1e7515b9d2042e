from search.words import chinese_terms, is_chinese, normalise, query_terms, split_words, terms


def test_words_are_stemmed_and_stop_words_are_dropped() -> None:
    assert terms("The running shoes for runners") == ["run", "shoe", "runner"]


def test_punctuation_splits_but_a_decimal_point_does_not() -> None:
    assert split_words('USB-C hub, 15.6" screen') == ["usb", "c", "hub", "15.6", "screen"]


def test_accents_and_full_width_letters_are_folded() -> None:
    assert normalise("Café ＵＳＢ") == "cafe usb"


def test_chinese_becomes_bigrams_and_a_single_character_stays() -> None:
    assert chinese_terms("无线耳机 好") == ["无线", "线耳", "耳机", "好"]


def test_a_mixed_query_has_terms_of_both_kinds_once_each() -> None:
    assert query_terms("无线 headphones Headphones") == ["headphon", "无线"]


def test_text_without_words_has_no_terms() -> None:
    assert query_terms("  !? 🙂 ") == []
    assert not is_chinese("abc")


def test_an_endless_word_is_cut() -> None:
    assert terms("x" * 500) == ["x" * 40]
