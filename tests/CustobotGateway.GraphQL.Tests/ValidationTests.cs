using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Tests.Reference;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Tests;

/// <summary>The counter-examples of spec §5 on the schema of the comparison; the rows of a rule say what the reference implementation says.</summary>
public sealed class ValidationTests
{
    [Theory]
    [InlineData("{ dog { name } } type T { a: Int }", "The \"T\" definition is not executable. (1:18)")]
    [InlineData("query a { dog { name } } query a { pet { name } }", "There can be only one operation named \"a\". (1:7)(1:32)")]
    [InlineData("{ dog { name } } query a { pet { name } }", "This anonymous operation must be the only defined operation. (1:1)")]
    [InlineData("subscription s { dog { name } news }", "Subscription \"s\" must select only one top level field. (1:31)")]
    [InlineData("subscription { ...F } fragment F on Subscription { dog { name } news }", "Anonymous Subscription must select only one top level field. (1:65)")]
    [InlineData("subscription { __typename }", "Anonymous Subscription must not select an introspection top level field. (1:16)")]
    [InlineData("{ dog { nam } }", "Cannot query field \"nam\" on type \"Dog\". Did you mean \"name\"? (1:9)")]
    [InlineData("{ pet { nickname } }", "Cannot query field \"nickname\" on type \"Pet\". Did you mean to use an inline fragment on \"Cat\" or \"Dog\"? (1:9)")]
    [InlineData("{ catOrDog { name } }", "Cannot query field \"name\" on type \"CatOrDog\". Did you mean to use an inline fragment on \"Being\", \"Pet\", \"Cat\", or \"Dog\"? (1:14)")]
    [InlineData("{ dog { n: name n: nickname } }", "Fields \"n\" conflict because \"name\" and \"nickname\" are different fields. Use different aliases on the fields to fetch both if this was intentional. (1:9)(1:17)")]
    [InlineData("{ dog { isAt(x: 1) isAt(x: 2) } }", "Fields \"isAt\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional. (1:9)(1:20)")]
    [InlineData("{ pet { ... on Dog { v: barkVolume } ... on Cat { v: meowVolume } } }", "Fields \"v\" conflict because they return conflicting types \"Int\" and \"Float\". Use different aliases on the fields to fetch both if this was intentional. (1:22)(1:51)")]
    [InlineData("{ dog { name { x } } }", "Field \"name\" must not have a selection since type \"String\" has no subfields. (1:14)")]
    [InlineData("{ dog }", "Field \"dog\" of type \"Dog\" must have a selection of subfields. Did you mean \"dog { ... }\"? (1:3)")]
    [InlineData("{ dog { isAt(x: 1, z: 2) } }", "Unknown argument \"z\" on field \"Dog.isAt\". Did you mean \"x\" or \"y\"? (1:20)")]
    [InlineData("{ dog @include(if: true, unless: 1) { name } }", "Unknown argument \"unless\" on directive \"@include\". (1:26)")]
    [InlineData("{ dog { isAt(x: 1, x: 1) } }", "There can be only one argument named \"x\". (1:14)(1:20)")]
    [InlineData("{ dog { isAt } }", "Field \"isAt\" argument \"x\" of type \"Int!\" is required, but it was not provided. (1:9)")]
    [InlineData("{ dog @skip { name } }", "Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not provided. (1:7)")]
    [InlineData("{ dog { ...F ...F } } fragment F on Dog { name } fragment F on Dog { barks }", "There can be only one fragment named \"F\". (1:32)(1:59)")]
    [InlineData("{ dog { ...F } } fragment F on Nope { name }", "Unknown type \"Nope\". (1:32)")]
    [InlineData("{ dog { ... on Int { x } } }", "Fragment cannot condition on non composite type \"Int\". (1:16)")]
    [InlineData("{ dog { ...F } } fragment F on Color { x }", "Fragment \"F\" cannot condition on non composite type \"Color\". (1:32)")]
    [InlineData("{ dog { name } } fragment F on Dog { name }", "Fragment \"F\" is never used. (1:18)")]
    [InlineData("{ dog { ...F } }", "Unknown fragment \"F\". (1:12)")]
    [InlineData("{ dog { ...F } } fragment F on Dog { ...G } fragment G on Dog { ...F }", "Cannot spread fragment \"F\" within itself via \"G\". (1:38)(1:65)")]
    [InlineData("{ dog { ... on Cat { name } } }", "Fragment cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\". (1:9)")]
    [InlineData("{ dog { ...F } } fragment F on Cat { name }", "Fragment \"F\" cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\". (1:9)")]
    [InlineData("{ echo(int: \"1\") }", "Int cannot represent non-integer value: \"1\" (1:13)")]
    [InlineData("{ echo(int: 2147483648) }", "Int cannot represent non 32-bit signed integer value: 2147483648 (1:13)")]
    [InlineData("{ echo(color: BLAK) }", "Value \"BLAK\" does not exist in \"Color\" enum. Did you mean the enum value \"BLACK\"? (1:15)")]
    [InlineData("{ echo(flag: null) }", "Expected value of type \"Boolean!\", found null. (1:14)")]
    [InlineData("{ echo(filter: { nam: \"x\" }) }", "Field \"nam\" is not defined by type \"Filter\". Did you mean \"name\", \"any\", or \"not\"? (1:18)")]
    [InlineData("{ echo(filter: { name: \"x\", name: \"y\" }) }", "There can be only one input field named \"name\". (1:18)(1:29)")]
    [InlineData("{ echo(filter: { range: {} }) }", "Field \"Range.from\" of required type \"Int!\" was not provided. (1:25)")]
    [InlineData("{ echo(one: { name: \"a\", number: 1 }) }", "OneOf Input Object \"OneOf\" must specify exactly one key. (1:13)")]
    [InlineData("{ echo(one: { name: null }) }", "Field \"OneOf.name\" must be non-null. (1:13)")]
    [InlineData("query ($a: String) { echo(one: { name: $a }) }", "Variable \"$a\" is of type \"String\" but must be non-nullable to be used for OneOf Input Object \"OneOf\". (1:8)(1:40)")]
    [InlineData("{ dog @nope { name } }", "Unknown directive \"@nope\". (1:7)")]
    [InlineData("query @skip(if: true) { dog { name } }", "Directive \"@skip\" may not be used on QUERY. (1:7)")]
    [InlineData("{ dog @skip(if: true) @skip(if: false) { name } }", "The directive \"@skip\" can only be used once at this location. (1:7)(1:23)")]
    [InlineData("query ($a: Int, $a: Int) { echo(int: $a) }", "There can be only one variable named \"$a\". (1:9)(1:18)")]
    [InlineData("query ($a: Dog) { echo(int: $a) }", "Variable \"$a\" cannot be non-input type \"Dog\". (1:12)|Variable \"$a\" of type \"Dog\" used in position expecting type \"Int\". (1:8)(1:29)")]
    [InlineData("query q { echo(int: $a) }", "Variable \"$a\" is not defined by operation \"q\". (1:21)(1:1)")]
    [InlineData("query ($a: Int) { dog { name } }", "Variable \"$a\" is never used. (1:8)")]
    [InlineData("query ($a: Float) { echo(int: $a) }", "Variable \"$a\" of type \"Float\" used in position expecting type \"Int\". (1:8)(1:31)")]
    [InlineData("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "Maximum introspection depth exceeded (1:3)")]
    public void Each_rule_refuses_its_counter_example(string text, string expected)
    {
        var errors = DocumentValidator.Validate(PetSchema.Schema, Parser.Parse(text));

        Assert.Equal(expected, string.Join('|', errors.Select(error => $"{error.Message} {string.Concat(error.Locations.Select(place => $"({place.Line}:{place.Column})"))}")));
        Assert.All(errors, error => Assert.Equal("GRAPHQL_VALIDATION_FAILED", error.Code));
    }

    [Theory]
    [InlineData("{ dog { ...F } } fragment F on Being { name }")]
    [InlineData("query ($a: Int = 1, $b: Boolean = true) { dog { isAt(x: $a) } echo(flag: $b) }")]
    [InlineData("{ pet { ... on Dog { v: nickname } ... on Cat { v: name } } }")]
    [InlineData("{ echo(list: 1, filter: { ranges: { from: 1 } }, id: 4, float: 1) }")]
    [InlineData("{ __type(name: \"Dog\") { fields { type { ofType { fields { name } } } } } }")]
    public void What_the_specification_allows_is_valid(string text) =>
        Assert.Empty(DocumentValidator.Validate(PetSchema.Schema, Parser.Parse(text)));

    [Fact]
    public void Errors_end_at_a_hundred()
    {
        var text = $"{{ {string.Concat(Enumerable.Range(0, 500).Select(i => $"x{i} "))} }}";

        var errors = DocumentValidator.Validate(PetSchema.Schema, Parser.Parse(text));

        Assert.Equal(101, errors.Count);
        Assert.Equal("Too many validation errors, error limit reached. Validation aborted.", errors[^1].Message);
    }
}
