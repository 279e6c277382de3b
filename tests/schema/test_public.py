"""The public side over GraphQL: agents with the right publish and take back, everybody reads without an account."""

from typing import Any

import pytest

from gateway.database import Databases
from resolvers.context import ANONYMOUS, AgentRight
from resolvers.models.scope import NOTHING
from schema.portal import schema
from tests.asking import data_of
from tests.towns import Signed, Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]

VISITOR = Signed(ANONYMOUS, NOTHING)
READ = """{
  publicPages(kind: DOCUMENT) { totalCount nodes { id kind title body link } }
  menus(week: "2026-10-07", site: "École") { totalCount nodes { id site week days { day dishes {
    label areAllergensTold allergens sentence } } } }
  news { nodes { id title } }
  commune { passwordPolicy { sentence } services { mailbox } }
}"""
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
PUBLISH = """mutation($page: PublicPagePublishInput!, $menu: MenuPublishInput!, $article: ArticlePublishInput!) {
  publicPagePublish(input: $page) { page { id } userErrors { code } }
  menuPublish(input: $menu) { menu { id } userErrors { code } }
  articlePublish(input: $article) { article { id } userErrors { code } }
}"""
WITHDRAW = """mutation($page: ID!, $menu: ID!, $article: ID!) {
  publicPageWithdraw(input: {id: $page}) { id userErrors { code } }
  menuWithdraw(input: {id: $menu}) { id userErrors { code } }
  articleWithdraw(input: {id: $article}) { id userErrors { code } }
}"""
PAGE = {"kind": "DOCUMENT", "title": "Règlement", "link": "https://chavagne.example/reglement.pdf"}
MENU: dict[str, Any] = {
    "site": "École",
    "week": "2026-10-05",
    "days": [
        {
            "day": "2026-10-05",
            "dishes": [
                {"label": "Carottes râpées"},
                {"label": "Gratin", "allergens": ["MILK"]},
                {"label": "Pomme", "allergens": []},
            ],
        }
    ],
}
ARTICLE = {"title": "Grève", "body": "Pas de cantine jeudi."}
FIELDS = {"page": "publicPage", "menu": "menu", "article": "article"}
SERVED = [
    {
        "day": "2026-10-05",
        "dishes": [
            {"label": "Carottes râpées", "areAllergensTold": False, "allergens": [], "sentence": "Carottes râpées"},
            {
                "label": "Gratin",
                "areAllergensTold": True,
                "allergens": ["MILK"],
                "sentence": "Gratin (allergène : lait)",
            },
            {
                "label": "Pomme",
                "areAllergensTold": True,
                "allergens": [],
                "sentence": "Pomme (sans allergène à déclaration obligatoire)",
            },
        ],
    }
]


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne."""
    return Town.called("chavagne")


async def test_what_an_agent_publishes_is_read_without_an_account_until_it_is_taken_back(town: Town) -> None:
    agent = await add_agent(town, frozenset({AgentRight.SETTINGS}))
    done = await data_of(town, agent, PUBLISH, page=PAGE, menu=MENU, article=ARTICLE)
    ids = {name: done[f"{field}Publish"][name]["id"] for name, field in FIELDS.items()}
    read = await data_of(town, VISITOR, READ)
    assert read["publicPages"] == {"totalCount": 1, "nodes": [{"id": ids["page"], "body": "", **PAGE}]}
    assert read["menus"]["nodes"] == [{"id": ids["menu"], "site": "École", "week": "2026-10-05", "days": SERVED}]
    assert read["news"]["nodes"] == [{"id": ids["article"], "title": "Grève"}]
    assert read["commune"]["passwordPolicy"]["sentence"] != ""
    found = (await data_of(town, VISITOR, NODES, ids=list(ids.values())))["nodes"]
    assert [each["__typename"] for each in found] == ["PublicPage", "Menu", "Article"]
    withdrawn = await data_of(town, agent, WITHDRAW, **ids)
    assert all(each["userErrors"] == [] for each in withdrawn.values())
    empty = await data_of(town, VISITOR, READ)
    assert (empty["publicPages"]["nodes"], empty["menus"]["nodes"], empty["news"]["nodes"]) == ([], [], [])
    assert (await data_of(town, VISITOR, NODES, ids=list(ids.values())))["nodes"] == [None, None, None]


async def test_a_menu_that_is_none_is_refused_with_what_to_write(town: Town) -> None:
    agent = await add_agent(town)
    wrong = {**MENU, "week": "2026-10-06"}
    done = await data_of(town, agent, PUBLISH, page={**PAGE, "link": "ftp://x"}, menu=wrong, article=ARTICLE)
    assert [done[name]["userErrors"] for name in ("publicPagePublish", "menuPublish")] == [[{"code": "INVALID"}]] * 2


async def test_what_does_not_exist_is_not_taken_back(town: Town) -> None:
    agent = await add_agent(town)
    done = await data_of(town, agent, WITHDRAW, page="rien", menu="rien", article="rien")
    assert [each["userErrors"] for each in done.values()] == [[{"code": "NOT_FOUND"}]] * 3


async def test_only_agents_of_the_settings_publish(town: Town) -> None:
    agent = await add_agent(town, frozenset(AgentRight) - {AgentRight.SETTINGS})
    with town.asked_by(agent) as ctx:
        result = await schema.execute(PUBLISH, {"page": PAGE, "menu": MENU, "article": ARTICLE}, context_value=ctx)
    assert {(error.extensions or {})["code"] for error in result.errors or ()} == {"FORBIDDEN"}
    assert await data_of(town, VISITOR, "{ publicPages { totalCount } }") == {"publicPages": {"totalCount": 0}}
