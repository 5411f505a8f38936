using System.Text;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Tests.Reference;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

public sealed class SchemaTests
{
    [Fact]
    public void A_printed_schema_reads_back_and_prints_the_same()
    {
        var printed = SchemaPrinter.Print(PetSchema.Schema);

        Assert.Equal(printed, SchemaPrinter.Print(Schema.Parse(printed)));
        Assert.Contains("directive @onField(level: Int = 1, tag: Color) repeatable on FIELD | FRAGMENT_SPREAD", printed, StringComparison.Ordinal);
        Assert.Contains("type Dog implements Being & Pet {\n", printed, StringComparison.Ordinal);
        Assert.Contains("input OneOf @oneOf {\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptions_of_any_form_read_back()
    {
        foreach (var description in new[] { "one line", "two\nlines", "  indented", "ends with \"quotes\"", "has \"\"\" inside", "back\\slash\\", "tab\there", "trailing \n", "\u0007bell" })
        {
            var literal = new StringBuilder();
            ValuePrinter.AppendString(literal, description);
            var schema = Schema.Parse($"{literal}\ntype Query {{\n  {literal}\n  a({literal} b: Int): Int\n}}");

            var again = Schema.Parse(SchemaPrinter.Print(schema));

            Assert.Equal(description, again.Query.Description);
            Assert.Equal(description, again.Query.Fields[0].Description);
            Assert.Equal(description, again.Query.Fields[0].Arguments[0].Description);
        }
    }

    [Fact]
    public void Extensions_add_to_what_they_extend_wherever_they_stand()
    {
        var schema = Schema.Parse("""
            extend type Query { b: E }
            schema { query: Query }
            extend schema { mutation: M }
            type Query { a: Int }
            type M { a: U }
            enum E { X }
            extend enum E { Y }
            union U = Query
            extend union U = M
            input I { a: Int }
            extend input I { b: [I!] }
            scalar S
            extend scalar S @specifiedBy(url: "https://example.test/s")
            """);

        Assert.Equal(["a", "b"], schema.Query.Fields.Select(field => field.Name));
        Assert.Equal("M", schema.Mutation?.Name);
        Assert.Equal(["X", "Y"], ((EnumType)schema.FindType("E")!).Values.Select(value => value.Name));
        Assert.Equal(2, ((UnionType)schema.FindType("U")!).PossibleTypes.Length);
        Assert.Equal("[I!]", ((InputObjectType)schema.FindType("I")!).Fields[1].Type.ToString());
        Assert.Equal("https://example.test/s", ((ScalarType)schema.FindType("S")!).SpecifiedByUrl);
    }

    [Theory]
    [InlineData("type A { a: Int }", "Query root type must be provided.")]
    [InlineData("type Query { a: Nope }", "Unknown type \"Nope\".")]
    [InlineData("type Query { a: Int a: Int }", "Field \"Query.a\" can only be defined once.")]
    [InlineData("type Query { a: Int } type Query { b: Int }", "There can be only one type named \"Query\".")]
    [InlineData("type Query", "Type Query must define one or more fields.")]
    [InlineData("type Query { __a: Int }", "Name \"__a\" must not begin with \"__\", which is reserved by GraphQL introspection.")]
    [InlineData("type Query { a: I } input I { a: Int }", "The type of Query.a must be Output Type but got: I.")]
    [InlineData("type Query { a(b: Query): Int }", "The type of Query.a(b:) must be Input Type but got: Query.")]
    [InlineData("type Query { a(b: Int! @deprecated): Int }", "Required argument Query.a(b:) cannot be deprecated.")]
    [InlineData("type Query implements I { a: Int } interface I { b: Int }", "Interface field I.b expected but Query does not provide it.")]
    [InlineData("type Query implements I { a: Int } interface I { a: String }", "Interface field I.a expects type String but Query.a is type Int.")]
    [InlineData("type Query implements I { a: Int } interface I { a(b: Int): Int }", "Interface field argument I.a(b:) expected but Query.a does not provide it.")]
    [InlineData("type Query implements I { a(b: Int!): Int } interface I { a: Int }", "Object field Query.a includes required argument b that is missing from the Interface field I.a.")]
    [InlineData("type Query implements I { a: Int } interface I implements J { a: Int } interface J { a: Int }", "Type Query must implement J because it is implemented by I.")]
    [InlineData("type Query implements E { a: Int } enum E { X }", "Type Query must only implement Interface types, it cannot implement E.")]
    [InlineData("type Query { a: U } union U", "Union type U must define one or more member types.")]
    [InlineData("type Query { a: U } union U = Int", "Union type U can only include Object types, it cannot include Int.")]
    [InlineData("type Query { a: E } enum E", "Enum type E must define one or more values.")]
    [InlineData("type Query { a(b: I): Int } input I { a: I! }", "Cannot reference Input Object \"I\" within itself through a series of non-null fields: \"a\".")]
    [InlineData("type Query { a(b: I): Int } input I @oneOf { a: Int! }", "OneOf input field I.a must be nullable.")]
    [InlineData("type Query { a(b: I): Int } input I @oneOf { a: Int = 1 }", "OneOf input field I.a cannot have a default value.")]
    [InlineData("type Query @nope { a: Int }", "Unknown directive \"@nope\".")]
    [InlineData("type Query @deprecated { a: Int }", "Directive \"@deprecated\" may not be used on OBJECT.")]
    [InlineData("type Query { a: S } scalar S @specifiedBy", "Directive \"@specifiedBy\" argument \"url\" of type \"String!\" is required, but it was not provided.")]
    [InlineData("type Query { a(b: Int = \"x\"): Int }", "The default value of \"b\" does not fit its type \"Int\".")]
    [InlineData("extend type Query { a: Int } type A { a: Int }", "Cannot extend type \"Query\" because it is not defined.")]
    public void A_wrong_schema_is_refused(string sdl, string message)
    {
        var failure = Assert.Throws<SchemaException>(() => Schema.Parse(sdl));

        Assert.Contains(message, failure.Errors.Select(error => error.Message));
    }

    [Fact]
    public void Resolvers_of_unknown_fields_are_refused() =>
        Assert.Throws<SchemaException>(() => Schema.Parse("type Query { a: Int }", new Resolvers().Field("Query", "b", (_, _, _) => 1)));

    [Fact]
    public void A_schema_of_thousands_of_types_is_built_and_looked_up()
    {
        var sdl = new StringBuilder("type Query { search(filter: Filter): Int }\ninput Filter {\n");
        for (var i = 0; i < 1_000; i++)
        {
            sdl.Append($"  attribute_{i}: Attribute{i}Filter\n");
        }
        sdl.Append("}\n");
        for (var i = 0; i < 1_000; i++)
        {
            sdl.Append($"\"Narrows attribute {i}.\"\ninput Attribute{i}Filter {{ eq: Value{i} in: [Value{i}!] exists: Boolean }}\nenum Value{i} {{ A B C D E F G H I J }}\n");
        }

        var schema = Schema.Parse(sdl.ToString());

        Assert.Equal(1_000, ((InputObjectType)schema.FindType("Filter")!).Fields.Count);
        Assert.NotNull(((InputObjectType)schema.FindType("Filter")!).Fields.Find("attribute_999"));
    }
}
