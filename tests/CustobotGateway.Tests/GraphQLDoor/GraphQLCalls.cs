using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>Asks a gateway in GraphQL.</summary>
internal static class GraphQLCalls
{
    public const string ResponseMedia = "application/graphql-response+json";

    /// <summary>The data of an answer without errors.</summary>
    public static async Task<JsonElement> AskAsync(this GatewayFixture gateway, string query, JsonNode? variables = null)
    {
        var answer = await gateway.SendAsync(query, variables);
        Assert.False(answer.TryGetProperty("errors", out var errors), $"{query}\n{variables?.ToJsonString()}\n{errors}");
        return answer.GetProperty("data");
    }

    /// <summary>The first error of an answer.</summary>
    public static async Task<JsonElement> AskWronglyAsync(this GatewayFixture gateway, string query, JsonNode? variables = null) =>
        (await gateway.SendAsync(query, variables)).GetProperty("errors")[0];

    /// <summary>The code of an error.</summary>
    public static string CodeOf(JsonElement error) => error.GetProperty("extensions").GetProperty("code").GetString()!;

    /// <summary>The whole answer.</summary>
    public static async Task<JsonElement> SendAsync(this GatewayFixture gateway, string query, JsonNode? variables = null)
    {
        using var answer = await gateway.PostAsync(new JsonObject { ["query"] = query, ["variables"] = variables?.DeepClone() }.ToJsonString(), "application/json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await GatewayFixture.ReadJsonAsync(answer);
    }

    /// <summary>Posts a body as it is.</summary>
    public static async Task<HttpResponseMessage> PostAsync(this GatewayFixture gateway, string body, string? accept, string contentType = "application/json", HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        return await (client ?? gateway.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A body with a query alone.</summary>
    public static string Body(string query) => new JsonObject { ["query"] = query }.ToJsonString();
}
