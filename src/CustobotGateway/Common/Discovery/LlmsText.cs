using System.Text;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Common.Discovery;

/// <summary>The gateway in one page of text (llmstxt.org), its operations taken from the contract so that none is forgotten.</summary>
internal static class LlmsText
{
    public static void Map(RouteGroupBuilder discovery) => discovery.MapGet("/llms.txt", Handle).WithName("getLlmsText").Produces<string>(StatusCodes.Status200OK, "text/plain")
        .WithSummary("The gateway in one page of text").WithDescription("For agents: what can be done here, where, and every description; in the form of llmstxt.org.");

    private static ContentHttpResult Handle(PublicUrl url, IEnumerable<Description> descriptions, Contract contract) =>
        TypedResults.Text(Write(url.Base, descriptions, contract), "text/plain; charset=utf-8");

    private static string Write(string url, IEnumerable<Description> descriptions, Contract contract)
    {
        var text = new StringBuilder($"""
            # {Entry.Name}

            > {Entry.Summary}

            Base address: {url}
            Reads need no credentials. What changes anything needs an access token with the scope that is named below: `Authorization: Bearer <token>`, or `DPoP <token>` with a proof.
            The issuer is {url}: its endpoints are at {url}/.well-known/oauth-authorization-server, what the API takes at {url}/.well-known/oauth-protected-resource/v1. The merchant may also send the administrator's token.
            JSON members are snake_case; unknown members are refused. Money is minor units with its currency: {"{\"amount\":24900,\"currency\":\"USD\"}"} is 249.00 USD.
            Measures are {"{\"value\":27,\"unit\":\"[in_i]\"}"} with UCUM units; any unit that converts is taken.
            Every refusal is application/problem+json with a stable `code`, `errors` by JSON Pointer, and a `remedy` where there is one.
            Begin with GET /v1/search/filters (what can be asked, with counts), then POST /v1/products/search.

            ## Descriptions


            """);
        text.Append("- [API catalogue](").Append(url).Append(ApiCatalog.Path).Append("): RFC 9727: where every description is.\n");
        foreach (var description in descriptions)
        {
            text.Append("- [").Append(description.Title).Append("](").Append(url).Append(description.Path).Append("): ").Append(description.Text).Append('\n');
        }
        foreach (var tag in contract.Operations.GroupBy(operation => operation.Tag))
        {
            text.Append("\n## ").Append(tag.Key).Append("\n\n");
            foreach (var operation in tag)
            {
                text.Append("- ").Append(operation.Method).Append(' ').Append(url).Append(operation.Path).Append(": ").Append(operation.Summary).Append(operation.AdministratorOnly ? " (administrator).\n" : operation.Scope is { } scope ? $" (scope {scope}).\n" : ".\n");
            }
        }
        return text.ToString();
    }
}
