using System.Text;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Tests;

public sealed class ParserTests
{
    [Theory]
    [InlineData("\"simple\"", "simple")]
    [InlineData("\"\"", "")]
    [InlineData("\" white space \"", " white space ")]
    [InlineData("\"quote \\\"\"", "quote \"")]
    [InlineData("\"escaped \\n\\r\\b\\t\\f\\/\\\\\"", "escaped \n\r\b\t\f/\\")]
    [InlineData("\"\\u1234\\u5678\\u90AB\\uCDEF\"", "\u1234\u5678\u90AB\uCDEF")]
    [InlineData("\"\\u{61}\\u{1F600}\"", "a😀")]
    [InlineData("\"\\uD83D\\uDE00\"", "😀")]
    [InlineData("\"é 😀 \\n\"", "é 😀 \n")]
    [InlineData("\"\"\"block\"\"\"", "block")]
    [InlineData("\"\"\"contains \\\"\"\" triple\"\"\"", "contains \"\"\" triple")]
    [InlineData("\"\"\"unescaped \\n\\u1234\"\"\"", "unescaped \\n\\u1234")]
    [InlineData("\"\"\"\n\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\"", "Hello,\n  World!\n\nYours,\n  GraphQL.")]
    [InlineData("\"\"\"first\r\n  second\r  third\"\"\"", "first\nsecond\nthird")]
    [InlineData("\"\"\"  \n \n\"\"\"", "")]
    public void Strings_are_decoded(string literal, string value)
    {
        var document = Parser.Parse($"{{ a(b: {literal}) }}");

        var field = (FieldNode)((OperationNode)document.Definitions[0]).SelectionSet.Selections[0];
        Assert.Equal(value, ((StringValueNode)field.Arguments[0].Value).Value);
    }

    [Theory]
    [InlineData("{", "Expected Name, found <EOF>.", 1, 2)]
    [InlineData("{ a(", "Expected Name, found <EOF>.", 1, 5)]
    [InlineData("", "Unexpected <EOF>.", 1, 1)]
    [InlineData("query", "Expected \"{\", found <EOF>.", 1, 6)]
    [InlineData("{ ...MissingOn }\nfragment MissingOn Type", "Expected \"on\", found Name \"Type\".", 2, 20)]
    [InlineData("{ field: {} }", "Expected Name, found \"{\".", 1, 10)]
    [InlineData("notAnOperation Foo { field }", "Unexpected Name \"notAnOperation\".", 1, 1)]
    [InlineData("...", "Unexpected \"...\".", 1, 1)]
    [InlineData("query Foo($x: Complex = { a: { b: [ $var ] } }) { field }", "Unexpected variable \"$var\" in constant value.", 1, 37)]
    [InlineData("fragment on on on { on }", "Unexpected Name \"on\".", 1, 10)]
    [InlineData("{ ...on }", "Expected Name, found \"}\".", 1, 9)]
    [InlineData("{ a(b: \"\n\") }", "Unterminated string.", 1, 9)]
    [InlineData("{ a(b: \"\\x\") }", "Invalid character escape sequence: \"\\x\".", 1, 9)]
    [InlineData("{ a(b: \"\\u12\") }", "Invalid Unicode escape sequence: \"\\u12\")\".", 1, 9)]
    [InlineData("{ a(b: \"\\uD800 \") }", "Invalid Unicode escape sequence: \"\\uD800\".", 1, 9)]
    [InlineData("{ a(b: \"\\u{110000}\") }", "Invalid Unicode escape sequence: \"\\u{110000}\".", 1, 9)]
    [InlineData("{ a(b: 00) }", "Invalid number, unexpected digit after 0: \"0\".", 1, 9)]
    [InlineData("{ a(b: 1.) }", "Invalid number, expected digit but got: \")\".", 1, 10)]
    [InlineData("{ a(b: 1e) }", "Invalid number, expected digit but got: \")\".", 1, 10)]
    [InlineData("{ a(b: 0xF1) }", "Invalid number, expected digit but got: \"x\".", 1, 9)]
    [InlineData("{ a(b: 1_000) }", "Invalid number, expected digit but got: \"_\".", 1, 9)]
    [InlineData("{ a ? }", "Unexpected character: \"?\".", 1, 5)]
    [InlineData("{ a(b: 'x') }", "Unexpected single quote character ('), did you mean to use a double quote (\")?", 1, 8)]
    [InlineData("{ é }", "Unexpected character: U+00E9.", 1, 3)]
    [InlineData("{ a(b: \"😀\") ?", "Unexpected character: \"?\".", 1, 14)]
    [InlineData("# 😀é\n{ a ?", "Unexpected character: \"?\".", 2, 5)]
    [InlineData("\uFEFF{ ?", "Unexpected character: \"?\".", 1, 4)]
    [InlineData("{ a(b: \"\"\"\n\n\"\"\") ?", "Unexpected character: \"?\".", 3, 6)]
    public void Syntax_errors_say_what_is_wrong_and_where(string text, string message, int line, int column)
    {
        var failure = Assert.Throws<SyntaxException>(() => Parser.Parse(text));

        Assert.Equal($"Syntax Error: {message}", failure.Error.Message);
        Assert.Equal(new SourceLocation(line, column), Assert.Single(failure.Error.Locations));
        Assert.Equal("GRAPHQL_SYNTAX_ERROR", failure.Error.Code);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused() =>
        Assert.Throws<SyntaxException>(() => Parser.Parse([(byte)'{', 0xC3, 0x28, (byte)'}'], ParserLimits.Trusted));

    [Fact]
    public void Keywords_are_names_wherever_names_are_expected()
    {
        foreach (var keyword in new[] { "on", "fragment", "query", "mutation", "subscription", "true", "false", "null", "type", "extend" })
        {
            var fragment = keyword == "on" ? "a" : keyword;
            Parser.Parse($"query {keyword} {{ ... {fragment} ... on {keyword} {{ {keyword} }} }} fragment {fragment} on Type {{ {keyword}({keyword}: ${keyword}) @{keyword}({keyword}: 1) }}");
        }
    }

    [Theory]
    [InlineData('{', "TOKEN_LIMIT_EXCEEDED", 1_000_000)]
    [InlineData('{', "NESTING_LIMIT_EXCEEDED", 100)]
    [InlineData('[', "NESTING_LIMIT_EXCEEDED", 100)]
    public void A_megabyte_of_brackets_is_refused_at_the_limit(char bracket, string code, int maxNesting)
    {
        var prefix = bracket == '[' ? "{a(b:" : "";
        var text = Encoding.ASCII.GetBytes(prefix + new string(bracket, 1_000_000).Replace("{", "{a", StringComparison.Ordinal));

        var failure = Assert.Throws<SyntaxException>(() => Parser.Parse(text, new ParserLimits(1_000, maxNesting)));

        Assert.Equal(code, failure.Error.Code);
        Assert.InRange(failure.Error.Locations[0].Column, 100, 4_000);
    }
}
