using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Registry;

/// <summary>The attribute registry, and what can be asked of a category.</summary>
internal static class RegistryFields
{
    /// <summary>A page of attributes.</summary>
    public static FieldValue List(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var registry = request.Names.Registry;
        var language = LanguageOf(request, arguments);
        var after = arguments.Get<string>("after");
        var outcome = ListAttributes.Run(
            new ListAttributes.Query(arguments.Get<string>("category"), Lower(arguments, "stage"), Lower(arguments, "type"), arguments.Get<string>("text"), after, arguments["first"] as int?),
            language, request.Agent, registry);
        if (outcome.Problem is { } problem)
        {
            throw Problems.ToException(problem with { Errors = [.. problem.Errors.Select(error => error with { Pointer = error.Pointer is "?size" ? "/first" : error.Pointer.Replace('?', '/') })] });
        }
        var nodes = outcome.Value.Attributes.Select(view => Describe(view, request.Names)).ToArray();
        var edges = outcome.Value.Attributes.Select((view, i) => new Dictionary<string, object?> { ["cursor"] = ListAttributes.CursorOf(registry.Find(view.Key)!), ["node"] = nodes[i] }).ToArray();
        return FieldValue.From(new Dictionary<string, object?>
        {
            ["nodes"] = nodes,
            ["edges"] = edges,
            ["totalCount"] = outcome.Value.Total,
            ["pageInfo"] = new Dictionary<string, object?>
            {
                ["hasNextPage"] = outcome.Value.Page.Next is not null,
                ["hasPreviousPage"] = after is not null,
                ["startCursor"] = edges.FirstOrDefault()?["cursor"],
                ["endCursor"] = edges.LastOrDefault()?["cursor"],
            },
        });
    }

    /// <summary>One attribute; null where there is none that the caller may know of.</summary>
    public static FieldValue Find(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        return request.Names.Registry.Find(arguments.Get<string>("key")!) is { } attribute && (!attribute.IsStaffOnly || request.Agent.IsAdministrator)
            ? FieldValue.From(Describe(AttributeView.Of(attribute, LanguageOf(request, arguments)), request.Names))
            : FieldValue.Null;
    }

    /// <summary>What can be asked, or the refusal of a category that is not known.</summary>
    public static FieldValue SearchFilters(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var outcome = ListFilters.Run(new ListFilters.Query(arguments.Get<string>("category"), Lower(arguments, "stage")), LanguageOf(request, arguments), request.Catalog, request.Sight, context.CancellationToken);
        if (outcome.Problem is { } problem)
        {
            return FieldValue.From(Problems.ToValue(problem with { Errors = [.. problem.Errors.Select(error => error with { Pointer = error.Pointer.Replace('?', '/') })] }));
        }
        var listing = JsonSerializer.SerializeToNode(outcome.Value, DoorJson.Options)!.AsObject();
        listing["__typename"] = "SearchFilters";
        foreach (var filter in listing["filters"]!.AsArray())
        {
            AddNames(filter!.AsObject(), request.Names.ByKey((string)filter["attribute"]!));
        }
        return FieldValue.From(listing.Deserialize<JsonElement>());
    }

    private static JsonElement Describe(AttributeView view, RegistryNames names)
    {
        var attribute = JsonSerializer.SerializeToNode(view, DoorJson.Options)!.AsObject();
        AddNames(attribute, names.ByKey(view.Key));
        return attribute.Deserialize<JsonElement>();
    }

    private static void AddNames(JsonObject attribute, AttributeNames? names)
    {
        attribute["field"] = names?.Field;
        attribute["filterType"] = names?.FilterType;
        foreach (var value in attribute["values"]?.AsArray() ?? [])
        {
            if (value!["value"]!.GetValueKind() == JsonValueKind.String)
            {
                value["name"] = names?.NameOf((string)value["value"]!);
            }
        }
    }

    private static string LanguageOf(DoorRequest request, Arguments arguments) =>
        AttributeLanguages.Choose(arguments.Get<string>("language") ?? request.AcceptLanguage, request.Names.Registry);

    private static string? Lower(Arguments arguments, string name) => arguments.Get<string>(name)?.ToLowerInvariant();
}
