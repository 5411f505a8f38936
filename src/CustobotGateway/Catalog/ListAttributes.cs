using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Catalog;

/// <summary>Which attributes there are.</summary>
public static class ListAttributes
{
    private const int DefaultSize = 100;
    private const int MaxSize = 500;
    private const string CursorPrefix = "attr";

    /// <summary>A page of attributes, in the order of registration.</summary>
    /// <param name="Total">How many meet the filters.</param>
    /// <param name="Attributes">Those of this page.</param>
    /// <param name="Page">Where the next page starts.</param>
    public sealed record Listing(int Total, IReadOnlyList<AttributeView> Attributes, NextPage Page);

    /// <summary>Where the next page starts.</summary>
    /// <param name="Next">The value of <c>after</c> for the next page; null on the last one.</param>
    public sealed record NextPage([property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)] string? Next);

    /// <summary>Which attributes are asked for.</summary>
    /// <param name="Category">Only attributes that belong to products of this category, those of all categories included.</param>
    /// <param name="Stage">Only attributes asked for at this buying stage: discover, evaluate, buy, after_sales.</param>
    /// <param name="Type">Only attributes of this type.</param>
    /// <param name="Q">Only attributes whose key, title, description or synonyms hold this text, in any language, ignoring case and accents.</param>
    /// <param name="After">The <c>page.next</c> of the page before.</param>
    /// <param name="Size">How many, 1 to 500; default 100.</param>
    public sealed record Query(
        [FromQuery(Name = "category")] string? Category = null,
        [FromQuery(Name = "stage")] string? Stage = null,
        [FromQuery(Name = "type")] string? Type = null,
        [FromQuery(Name = "q")] string? Q = null,
        [FromQuery(Name = "after")] string? After = null,
        [FromQuery(Name = "size")] int? Size = null);

    internal static void Map(RouteGroupBuilder attributes) => attributes
        .MapGet("", Handle).WithName("listAttributes").AllowPublicRead()
        .WithSummary("Which attributes there are, and what can be asked of each")
        .WithDescription("In the order of registration, in pages by cursor. Titles, descriptions and synonyms come in the language of Accept-Language (en, es-MX). What a category's products really carry, with counts, is at GET /v1/search/filters.")
        .Produces<Listing>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <summary>The page, or <c>invalid_request</c> naming the parameter.</summary>
    public static Outcome<Listing> Run(Query query, string language, AgentPrincipal agent, AttributeRegistry registry)
    {
        var errors = new List<FieldError>();
        var stage = BuyingStages.Parse(query.Stage);
        if (query.Stage is not null && stage is null)
        {
            errors.Add(new("?stage", "unknown_value", "A stage is discover, evaluate, buy or after_sales."));
        }
        var type = TypeOf(query.Type);
        if (query.Type is not null && type is null)
        {
            errors.Add(new("?type", "unknown_value", $"A type is one of {string.Join(", ", Enum.GetValues<AttributeType>().Select(Wire))}."));
        }
        long after = -1;
        if (query.After is not null && (!Ids.TryGetNumber(CursorPrefix, query.After, out after) || after >= registry.Attributes.Count))
        {
            errors.Add(new("?after", "invalid_cursor", "The cursor is not one that this list gave."));
        }
        var size = query.Size ?? DefaultSize;
        if (size is < 1 or > MaxSize)
        {
            errors.Add(new("?size", "out_of_range", $"A page has 1 to {MaxSize} attributes."));
        }
        if (errors.Count > 0)
        {
            return CommonProblems.InvalidRequest.With(errors[0].Detail, errors);
        }
        var words = query.Q is null ? null : Fold(query.Q);
        RegisteredAttribute[] found = [.. registry.Attributes.Where(attribute => (!attribute.IsStaffOnly || agent.IsAdministrator)
            && (query.Category is null || attribute.AppliesTo(query.Category)) && (stage is null || attribute.IsAskedAt(stage.Value))
            && (type is null || attribute.Type == type) && (words is null || Mentions(attribute.Definition, words)))];
        RegisteredAttribute[] page = [.. found.Where(attribute => attribute.Ordinal > after).Take(size)];
        var next = page.Length > 0 && page[^1] != found[^1] ? CursorOf(page[^1]) : null;
        return new Listing(found.Length, [.. page.Select(attribute => AttributeView.Of(attribute, language))], new NextPage(next));
    }

    /// <summary>The cursor that goes on after an attribute.</summary>
    internal static string CursorOf(RegisteredAttribute attribute) => Ids.FromNumber(CursorPrefix, attribute.Ordinal);

    private static IResult Handle([AsParameters] Query query, HttpContext context, AttributeRegistryStore store)
    {
        var registry = store.Current;
        var language = AttributeLanguages.Choose(context.Request.Headers.AcceptLanguage.ToString(), registry);
        var outcome = Run(query, language, context.GetAgent(), registry);
        if (outcome.Problem is { } problem)
        {
            return problem.ToHttp();
        }
        GetAttribute.DescribeLanguage(context, language);
        return GetAttribute.Cached(context, outcome.Value);
    }

    private static bool Mentions(AttributeDefinition definition, string words) =>
        Fold(definition.Key).Contains(words, StringComparison.Ordinal) || Holds(definition.Title, words) || Holds(definition.Description, words)
        || (definition.Labels?.Values.Any(label => Holds(label.Title, words) || Holds(label.Description, words) || (label.Synonyms?.Any(synonym => Holds(synonym, words)) ?? false)) ?? false);

    private static bool Holds(string? text, string words) => text is not null && Fold(text).Contains(words, StringComparison.Ordinal);

    // The program runs without ICU (invariant globalization), where string.Normalize decomposes nothing.
    private static string Fold(string text) => string.Create(text.Length, text, static (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.ToLowerInvariant(text[i]) switch
            {
                'á' or 'à' or 'â' or 'ä' or 'ã' => 'a',
                'é' or 'è' or 'ê' or 'ë' => 'e',
                'í' or 'ì' or 'î' or 'ï' => 'i',
                'ó' or 'ò' or 'ô' or 'ö' or 'õ' => 'o',
                'ú' or 'ù' or 'û' or 'ü' => 'u',
                'ñ' => 'n',
                'ç' => 'c',
                '_' => ' ',
                var letter => letter,
            };
        }
    });

    private static string Wire(AttributeType type) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString());

    private static AttributeType? TypeOf(string? name) =>
        Enum.GetValues<AttributeType>().Cast<AttributeType?>().FirstOrDefault(type => Wire(type!.Value) == name);
}
