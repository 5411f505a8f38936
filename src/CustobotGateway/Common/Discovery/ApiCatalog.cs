using System.Text.Json.Nodes;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Common.Discovery;

/// <summary>The API catalogue of RFC 9727: a linkset (RFC 9264) at a well-known place.</summary>
internal static class ApiCatalog
{
    public const string Path = "/.well-known/api-catalog";
    public const string MediaType = "application/linkset+json";
    private const string Profile = "; profile=\"https://www.rfc-editor.org/info/rfc9727\"";

    public static void Map(RouteGroupBuilder discovery) => discovery.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], Handle)
        .WithName("getApiCatalog").Produces<JsonObject>(StatusCodes.Status200OK, MediaType)
        .WithSummary("Where every description is").WithDescription("RFC 9727: a linkset whose anchors are the APIs, each with its descriptions for machines and for people.");

    private static ContentHttpResult Handle(PublicUrl url, IEnumerable<Description> descriptions) =>
        TypedResults.Content(Write(url.Base, descriptions).ToJsonString(Json.Options), MediaType + Profile);

    private static JsonObject Write(string url, IEnumerable<Description> descriptions)
    {
        var api = new JsonObject { ["anchor"] = url + "/" };
        foreach (var relation in descriptions.GroupBy(description => description.Relation))
        {
            api[relation.Key] = new JsonArray([.. relation.Select(description =>
                new JsonObject { ["href"] = url + description.Path, ["type"] = description.MediaType, ["title"] = description.Title })]);
        }
        var items = new JsonArray([new JsonObject { ["href"] = url + "/" }]);
        return new JsonObject { ["linkset"] = new JsonArray([new JsonObject { ["anchor"] = url + Path, ["item"] = items }, api]) };
    }
}
