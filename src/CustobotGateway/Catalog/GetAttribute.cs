using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Catalog;

/// <summary>What one attribute means and what can be asked of it.</summary>
public static class GetAttribute
{
    internal static void Map(RouteGroupBuilder attributes) => attributes
        .MapGet("/{key}", Handle).WithName("getAttribute").AllowPublicRead()
        .WithSummary("What an attribute means and what can be asked of it")
        .WithDescription("Title, description and synonyms come in the language of Accept-Language (en, es-MX and whatever labels were registered). Answers with an ETag; If-None-Match gives 304.")
        .Produces<AttributeView>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>The attribute, or <c>attribute_not_found</c> with the nearest keys.</summary>
    public static Outcome<AttributeView> Run(string key, string? acceptLanguage, AgentPrincipal agent, AttributeRegistry registry) =>
        registry.Find(key) is { } attribute && (!attribute.IsStaffOnly || agent.IsAdministrator)
            ? AttributeView.Of(attribute, AttributeLanguages.Choose(acceptLanguage, registry))
            : AttributeProblems.NotFoundFor(key, registry);

    private static IResult Handle(string key, HttpContext context, AttributeRegistryStore store)
    {
        var registry = store.Current;
        var accept = context.Request.Headers.AcceptLanguage.ToString();
        var outcome = Run(key, accept, context.GetAgent(), registry);
        if (outcome.Problem is { } problem)
        {
            return problem.ToHttp();
        }
        DescribeLanguage(context, AttributeLanguages.Choose(accept, registry));
        return Cached(context, outcome.Value);
    }

    internal static void DescribeLanguage(HttpContext context, string language)
    {
        context.Response.Headers.ContentLanguage = language;
        context.Response.Headers.Append("Vary", "Accept-Language");
    }

    /// <summary>The value as JSON under a strong ETag, or 304 for a caller that has it (RFC 9110 §13.1.2).</summary>
    internal static IResult Cached<T>(HttpContext context, T value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"";
        context.Response.Headers.ETag = tag;
        var known = context.Request.Headers.IfNoneMatch.ToString();
        return known.Split(',').Any(candidate => candidate.Trim() is var given && (given == "*" || given == tag || given == "W/" + tag))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(bytes, "application/json; charset=utf-8");
    }
}
