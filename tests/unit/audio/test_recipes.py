"""Recipes name their columns as the archive's table does, and are recognised by them."""

from genrelab.audio.recipes import CLIPS_59, FMA_518, RECIPES, recipe_of
from genrelab.tables.fma import FMA_FEATURES


def test_columns_are_those_of_the_table():
    """The 518 columns are the table's own in its order, and the 59 are among them."""

    official = tuple(
        column.name for column in FMA_FEATURES.columns if column.official not in {"", "track_id"}
    )
    assert FMA_518.columns == official
    assert len(CLIPS_59.columns) == 59
    assert set(CLIPS_59.columns) < set(official)


def test_a_champion_is_matched_by_its_features():
    """Exactly the 59 columns belong to clips-59, others of the 518 to fma-518, anything else to no recipe."""

    assert recipe_of(CLIPS_59.columns[::-1]) is CLIPS_59
    assert recipe_of(FMA_518.columns) is FMA_518
    assert recipe_of(FMA_518.columns[:30]) is FMA_518
    assert recipe_of([*CLIPS_59.columns, "tempo"]) is None
    assert recipe_of([]) is None


def test_recipes_are_found_by_name_and_version():
    """What is stored with features leads back to the recipe."""

    assert RECIPES["clips-59@1"] is CLIPS_59
    assert RECIPES["fma-518@1"] is FMA_518
