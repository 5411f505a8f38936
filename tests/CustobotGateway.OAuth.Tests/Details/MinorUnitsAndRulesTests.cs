using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Details;
using FsCheck;
using FsCheck.Fluent;

namespace CustobotGateway.OAuth.Tests.Details;

/// <summary>Whole amounts, beginnings and rules: the members that a type with minor units is made of.</summary>
public sealed class MinorUnitsAndRulesTests
{
    private static readonly DetailType Type = new(
        "budget",
        [new AssignedText("id"), new DetailGroup("limits", [new MinorUnitsCeiling("total", 1_000_000), new MinorUnitsCeiling("each")]), new RuleSet("rules"), new Beginning("not_before")]);

    [Theory]
    [InlineData("1", true)]
    [InlineData("1000000", true)]
    [InlineData("1000001", false)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("1.5", false)]
    [InlineData("1.0", false)]
    [InlineData("1e3", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("\"100\"", false)]
    [InlineData("null", false)]
    public void Amount_is_a_whole_number_of_minor_units(string total, bool isGood) =>
        Assert.Equal(isGood, Read($$"""[{"type":"budget","limits":{"total":{{total}} } }]""").Error is null);

    [Theory]
    [InlineData("[]", true)]
    [InlineData("""[{"attribute":"a","op":"gte","value":7}]""", true)]
    [InlineData("""[{"attribute":"a","op":"in","value":["x","y"]}]""", true)]
    [InlineData("""[{"attribute":"a","op":"eq","value":true}]""", true)]
    [InlineData("""[{"attribute":"a","op":"gte","value":"7"}]""", false)]
    [InlineData("""[{"attribute":"a","op":"in","value":[]}]""", false)]
    [InlineData("""[{"attribute":"a","op":"in","value":[1]}]""", false)]
    [InlineData("""[{"attribute":"a","op":"eq","value":null}]""", false)]
    [InlineData("""[{"attribute":"a","op":"like","value":"x"}]""", false)]
    [InlineData("""[{"attribute":"","op":"eq","value":"x"}]""", false)]
    [InlineData("""[{"attribute":"a","op":"eq"}]""", false)]
    [InlineData("""[{"attribute":"a","op":"eq","value":1,"more":1}]""", false)]
    [InlineData("[1]", false)]
    [InlineData("{}", false)]
    public void Rules_have_one_form(string rules, bool isGood) => Assert.Equal(isGood, Read($$"""[{"type":"budget","rules":{{rules}} }]""").Error is null);

    [Theory]
    [InlineData("""[{"attribute":"a","op":"gte","value":5}]""", """[{"attribute":"a","op":"gte","value":7}]""", true)]
    [InlineData("""[{"attribute":"a","op":"gte","value":7}]""", """[{"attribute":"a","op":"gte","value":5}]""", false)]
    [InlineData("""[{"attribute":"a","op":"lt","value":7}]""", """[{"attribute":"a","op":"lt","value":6.5},{"attribute":"b","op":"eq","value":"x"}]""", true)]
    [InlineData("""[{"attribute":"a","op":"in","value":["x","y"]}]""", """[{"attribute":"a","op":"in","value":["y"]}]""", true)]
    [InlineData("""[{"attribute":"a","op":"not_in","value":["x"]}]""", """[{"attribute":"a","op":"not_in","value":["x","y"]}]""", true)]
    [InlineData("""[{"attribute":"a","op":"not_in","value":["x","y"]}]""", """[{"attribute":"a","op":"not_in","value":["x"]}]""", false)]
    [InlineData("""[{"attribute":"a","op":"eq","value":"1"}]""", """[{"attribute":"a","op":"eq","value":1}]""", false)]
    [InlineData("""[{"attribute":"a","op":"eq","value":"x"}]""", "[]", false)]
    [InlineData("[]", """[{"attribute":"a","op":"eq","value":"x"}]""", true)]
    public void Stricter_rules_ask_for_less(string granted, string asked, bool covers) => Assert.Equal(covers,
        Read($$"""[{"type":"budget","rules":{{granted}} }]""").Value.Covers(Read($$"""[{"type":"budget","rules":{{asked}} }]""").Value));

    [Fact]
    public void Rule_that_another_says_already_is_left_out() => Assert.Equal(
        """[{"rules":[{"attribute":"a","op":"gte","value":7}],"type":"budget"}]""",
        Read("""[{"type":"budget","rules":[{"attribute":"a","op":"gte","value":5},{"attribute":"a","op":"gte","value":7.0},{"op":"gte","attribute":"a","value":7}]}]""").Value.ToString());

    [Fact]
    public void Values_with_line_breaks_are_not_taken_for_two() =>
        Assert.Equal(2, Read("""[{"type":"budget","rules":[{"attribute":"a","op":"not_in","value":["x\ny"]},{"attribute":"a","op":"not_in","value":["x","y"]}]}]""").Value
            .Elements[0].GetProperty("rules").GetArrayLength());

    [Fact]
    public void Later_beginning_asks_for_less()
    {
        var (early, late) = (Read("""[{"type":"budget","not_before":"2026-01-01T00:00:00Z"}]""").Value, Read("""[{"type":"budget","not_before":"2026-06-01T02:00:00+02:00"}]""").Value);

        Assert.True(early.Covers(late));
        Assert.False(late.Covers(early));
        Assert.False(early.Covers(Read("""[{"type":"budget"}]""").Value));
    }

    [Fact]
    public void To_cover_is_reflexive_transitive_and_antisymmetric()
    {
        var rule = Gen.Elements(
            """{"attribute":"a","op":"gte","value":5}""", """{"attribute":"a","op":"gte","value":7}""", """{"attribute":"a","op":"lte","value":5}""",
            """{"attribute":"a","op":"in","value":["x"]}""", """{"attribute":"a","op":"in","value":["y","x"]}""", """{"attribute":"a","op":"not_in","value":["x"]}""",
            """{"attribute":"a","op":"not_in","value":["x","y"]}""", """{"attribute":"b","op":"eq","value":1}""", """{"attribute":"b","op":"eq","value":1.0}""");
        var total = Gen.Elements(0, 10, 20);
        var any = (from rules in rule.ListOf() from amount in total select Element(rules.Take(4), amount)).ToArbitrary();

        Prop.ForAll(any, any, any, (a, b, c) =>
            a.Covers(a)
            && (!(a.Covers(b) && b.Covers(c)) || a.Covers(c))
            && (!(a.Covers(b) && b.Covers(a)) || a.Equals(b))).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static AuthorizationDetails Element(IEnumerable<string> rules, int total)
    {
        var element = new JsonObject { ["type"] = "budget", ["rules"] = new JsonArray([.. rules.Select(rule => JsonNode.Parse(rule))]) };
        if (total > 0)
        {
            element["limits"] = new JsonObject { ["total"] = total };
        }
        return Read(new JsonArray(element).ToJsonString()).Value;
    }

    private static Checked<AuthorizationDetails> Read(string text) => AuthorizationDetails.Read(text, [Type], A.Now);
}
