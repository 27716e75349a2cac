"""What is said to lie in another condition does so on every combination of facts."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from support_cli.domain.facts import Facts
from support_cli.domain.rates import Rates
from support_cli.policy.cel import CelExpressions
from support_cli.policy.comparison import implies

FACTS: list[Facts] = [
    {
        "order.items": items,
        "order.age_days": age,
        "order.exists": exists,
        "action.amount": f"{amount}.00 EUR",
    }
    for items, age, exists, amount in product(range(4), (0, 2), (True, False), range(1, 4))
]
SIGNS = st.sampled_from([">", ">=", "<", "<=", "=="])
NUMBERS = st.integers(0, 3)
ATOMS = st.one_of(
    st.builds("order.items {} {}".format, SIGNS, NUMBERS),
    st.builds("order.items + order.age_days {} {}".format, SIGNS, NUMBERS),
    st.builds("action.amount {} money('{}.00')".format, SIGNS, st.integers(1, 3)),
    st.sampled_from(["order.exists", "!order.exists", "true", "false"]),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("{} && {}".format, inner, inner),
        st.builds("{} || {}".format, inner, inner),
        st.builds("({})".format, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=4,
)


@given(CONDITIONS, CONDITIONS)
@settings(max_examples=300, deadline=None)
def test_what_is_implied_holds(later: str, earlier: str) -> None:
    if not implies(later, earlier):
        return
    conditions = CelExpressions().compile([later, earlier], Rates("EUR"), {})
    for facts in FACTS:
        holds = conditions.over(facts)
        assert holds(earlier) or not holds(later), facts
