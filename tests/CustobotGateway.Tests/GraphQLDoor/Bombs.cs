using System.Text;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>A request that is made to cost much.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Body">What is posted.</param>
/// <param name="Code">The code that it is refused with; null where several may be.</param>
/// <param name="HasPlace">Whether the refusal names a place in the document.</param>
public sealed record Bomb(string Name, string Body, string? Code, bool HasPlace = true);

/// <summary>Requests that are refused before anything is executed: the tests hold that they are, the benchmarks tell what that takes.</summary>
public static class Bombs
{
    private const int Megabyte = 1_000_000;

    private const string Searches = "query($must: [ProductFilterInput!], $mode: QueryMode, $ids: [ID!]!) { products(must: $must, queryMode: $mode) { totalCount } productsById(ids: $ids) { id } }";

    public static IReadOnlyList<Bomb> All { get; } =
    [
        Document("deep nesting", "{ products { nodes " + Repeat("{ node ", 90) + "id" + Repeat(" }", 90) + " } }", "DEPTH_LIMIT_EXCEEDED"),
        Document("deepest nesting", Repeat("{a", 300_000), "NESTING_LIMIT_EXCEEDED"),
        Document("1 MB of braces", Repeat("{", Megabyte), "GRAPHQL_SYNTAX_ERROR"),
        Document("1 MB of lists", "{ products(first: " + Repeat("[", Megabyte), "NESTING_LIMIT_EXCEEDED"),
        Document("1 MB of fields", "{ " + Repeat("a ", Megabyte / 2) + "}", "TOKEN_LIMIT_EXCEEDED"),
        Document("1 MB of one name", "{ " + Repeat("a", Megabyte) + " }", "GRAPHQL_VALIDATION_FAILED"),
        Document("1 MB of one argument's name", "{ products(" + Repeat("f", Megabyte) + ": 1) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        Document("1 MB of a string", "{ attribute(key: \"" + Repeat("a", Megabyte) + "\") { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        Document("1 MB of a block string", "{ attribute(key: \"\"\"" + Repeat("a\n  ", Megabyte / 5) + "\"\"\") { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        Document("1 MB of commas", Repeat(",", Megabyte), "GRAPHQL_SYNTAX_ERROR"),
        Document("1 MB of a comment", "#" + Repeat("a", Megabyte), "GRAPHQL_SYNTAX_ERROR"),
        Document("1 MB of one number", "{ products(first: " + Repeat("1", Megabyte) + ") { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        Document("alias bomb", "{ " + Many(1_000, i => $"a{i}: __typename ") + "}", "ALIAS_LIMIT_EXCEEDED"),
        Document("alias bomb of searches", "{ " + Many(90, i => $"a{i}: products(first: 100) {{ nodes {{ id }} edges {{ node {{ id }} }} }} ") + "}", "COST_LIMIT_EXCEEDED"),
        Document("fragment cycle", "query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
        Document("cycle of 90 fragments", "query { ...f0 } " + Many(90, i => $"fragment f{i} on Query {{ ...f{(i + 1) % 90} }} "), "GRAPHQL_VALIDATION_FAILED"),
        Document("fragment bomb", "query { ...f0 } " + Many(30, i => $"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }} ") + "fragment f30 on Query { __typename }", "FIELD_LIMIT_EXCEEDED"),
        Document("every fragment in every other", "query { " + Many(60, i => $"...f{i} ") + "} " + Many(60, i => $"fragment f{i} on Query {{ {Many(60, j => j > i ? $"...f{j} " : "")}a{i}: __typename }} "), null),
        Document("directive overload", "{ __typename " + Repeat("@include(if: true) ", 1_000) + "}", "DIRECTIVE_LIMIT_EXCEEDED"),
        Document("unknown directives", "{ __typename " + Many(99, i => $"@unknown{i} ") + "}", "GRAPHQL_VALIDATION_FAILED"),
        Document("introspection bomb", "{ __schema { types " + Repeat("{ fields { type ", 20) + "{ name }" + Repeat(" } }", 20) + " } }", "INTROSPECTION_DEPTH_LIMIT_EXCEEDED"),
        Document("int overflow", "{ products(first: 2147483648) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        Document("overlapping fields", "{ " + Many(400, i => $"products {{ nodes {{ a{i % 9}: id ...on Product {{ a{i % 9}: externalId }} }} }} ") + "}", null),
        Document("1,900 unknown fields", "{ " + Many(1_900, i => $"produts{i} ") + "}", "GRAPHQL_VALIDATION_FAILED"),
        Document("1,600 operations without a name", Many(1_600, _ => "{ __typename } "), "GRAPHQL_VALIDATION_FAILED"),
        Document("2,400 variables", "query(" + Many(2_400, i => $"$a{i}: Int ") + ") { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        Document("unknown operation", "type A { b: C }", "GRAPHQL_VALIDATION_FAILED"),
        Variables("huge list in variables", "must", "[" + string.Join(',', Enumerable.Repeat("{}", 20_000)) + "]", "VARIABLES_LIMIT_EXCEEDED"),
        Variables("1 MB of ids in variables", "ids", "[" + string.Join(',', Enumerable.Repeat("1", Megabyte / 2)) + "]", "VARIABLES_LIMIT_EXCEEDED"),
        Variables("1 MB of members in a variable", "must", "{" + string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"\"produts{i}\":1")) + "}", "BAD_USER_INPUT"),
        Variables("the same member 9,000 times", "must", "{" + string.Join(',', Enumerable.Repeat("\"any\":1", 9_000)) + "}", "BAD_USER_INPUT"),
        Variables("1 MB of an enum's value", "mode", $"\"{Repeat("A", Megabyte)}\"", "BAD_USER_INPUT"),
        Variables("1 MB of one member's name", "must", $"{{\"{Repeat("a", Megabyte)}\":1}}", "BAD_USER_INPUT"),
        Variables("half a surrogate pair", "must", "[{\"id\":{\"eq\":\"\\ud800\"}}]", "BAD_USER_INPUT"),
        new("1 MB of JSON arrays", Repeat("[", Megabyte), "malformed_body", HasPlace: false),
        new("1 MB of unknown members", "{" + string.Join(',', Enumerable.Repeat("\"a\":{}", 130_000)) + "}", "invalid_request", HasPlace: false),
    ];

    private static Bomb Document(string name, string document, string? code) => new(name, new JsonObject { ["query"] = document }.ToJsonString(), code);

    private static Bomb Variables(string name, string variable, string value, string code, bool hasPlace = true) =>
        new(name, $"{{\"query\":{JsonValue.Create(Searches).ToJsonString()},\"variables\":{{{(variable == "ids" ? "" : "\"ids\":[],")}\"{variable}\":{value}}}}}", code, hasPlace);

    private static string Repeat(string part, int times) => new StringBuilder(part.Length * times).Insert(0, part, times).ToString();

    private static string Many(int count, Func<int, string> part) => string.Concat(Enumerable.Range(0, count).Select(part));
}
