using System.Text.Json.Nodes;
using CustobotGateway.Common.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Common.OpenApi;

/// <summary>The OpenAPI description of the routes and the pages that show it.</summary>
public static class ContractSetup
{
    /// <summary>The groups of operations, in the order in which an agent needs them.</summary>
    internal static readonly IReadOnlyList<(string Name, string Text)> Tags =
    [
        ("Search", "Find products by constraints over any attribute, learn what can be asked, and why others were not found."),
        ("GraphQL", "The catalogue through GraphQL."),
        ("Products", "Read, compare and keep single products."),
        ("Attributes", "What products can be asked about: types, units, terms, operators."),
        ("Inventory", "How much of what lies where."),
        ("Imports", "Bring feeds of any size into the catalogue."),
        ("Test mode", "Trying out apart from what is real: a clock that moves forward, grants and approvals without a person."),
        ("Grants", "What a principal lets an agent do: mandates and what is left of them."),
        ("Approvals", "Purchases above a mandate's threshold that wait for the principal."),
        ("Clients", "Which OAuth clients the merchant knows, and what they may ask for."),
        ("Negotiations", "Bargain about a price within the merchant's limits."),
        ("Carts", "Gather products before buying them."),
        ("Checkout", "Turn products or a quote into a paid order."),
        ("Payments", "Ways to pay, payment tokens for agents, buying on account."),
        ("Orders", "What was ordered, and what became of it."),
        ("Returns", "What can be sent back, and what came back."),
        ("Cases", "Questions and disputes about orders, answered at once and handed to people."),
        ("Shop", "How the merchant sells: taxes, shipping, discounts, returns."),
        ("Bot detection", "What callers are taken for, and why."),
        ("Lanes", "What callers of each kind may do and how fast, and what leads into a better lane."),
        ("Webhooks", "Be told of what happens: signed, in order, until it arrives."),
        ("Demand", "What machines asked for."),
        ("Discovery", "Where everything is."),
        ("Health", "Whether the gateway lives and can serve."),
    ];

    /// <summary>Registers the generator.</summary>
    public static IServiceCollection AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ContractExamples>();
        services.AddSingleton<Contract>();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(Json.Options));
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Contract.Name, new OpenApiInfo
            {
                Title = "Custobot Gateway",
                Version = "1",
                Description = "Sells to machine customers: agents search the catalogue by constraints over any attribute, compare, negotiate and buy. "
                    + "Begin with `GET /v1/search/filters`, then `POST /v1/products/search`. Every refusal is `application/problem+json` with a stable `code`.",
                Contact = new OpenApiContact { Name = "Custobot Gateway" },
                License = new OpenApiLicense { Name = "All rights reserved", Identifier = "LicenseRef-Custobot" },
            });
            // Relative, so that the description is the same wherever it is served.
            options.AddServer(new OpenApiServer { Url = "/", Description = "The gateway that serves this description" });
            options.AddSecurityDefinition(ContractFilters.SecurityScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The administrator's token, or the token of a grant.",
            });
            options.AddSecurityDefinition(ContractFilters.OAuthScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "An access token for the resource /v1 or /graphql, as Bearer or with a DPoP proof. The authorization server and all that it offers: /.well-known/oauth-authorization-server.",
                Flows = new OpenApiOAuthFlows
                {
                    AuthorizationCode = new OpenApiOAuthFlow
                    {
                        AuthorizationUrl = new Uri("/oauth/authorize", UriKind.Relative),
                        TokenUrl = new Uri("/oauth/token", UriKind.Relative),
                        RefreshUrl = new Uri("/oauth/token", UriKind.Relative),
                        Scopes = Scopes.InWords.ToDictionary(),
                    },
                    ClientCredentials = new OpenApiOAuthFlow { TokenUrl = new Uri("/oauth/token", UriKind.Relative), Scopes = Scopes.InWords.ToDictionary() },
                },
            });
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "CustobotGateway.xml"), includeControllerXmlComments: false);
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "CustobotGateway.OAuth.xml"), includeControllerXmlComments: false);
            // JSON of any kind: JsonNode's own members are the library's, not the wire's.
            options.MapType<JsonNode>(() => new OpenApiSchema());
            options.MapType<JsonObject>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.SchemaFilter<WireSchema>();
            options.CustomSchemaIds(SchemaId);
            options.OperationFilter<ContractFilters>();
            options.DocumentFilter<ContractFilters>();
        });
        return services;
    }

    /// <summary>Maps <c>/openapi/gateway.json</c> and the pages at <c>/docs</c>.</summary>
    public static void UseContract(this WebApplication app)
    {
        app.MapGet($"/openapi/{Contract.Name}.json", (Contract contract) => TypedResults.Text(contract.Json, "application/json"))
            .AllowPublic().ExcludeFromDescription();
        // In a branch of its own, since its middleware matches patterns against every path.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal), docs => docs.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Custobot Gateway";
            options.SwaggerEndpoint($"/openapi/{Contract.Name}.json", "Custobot Gateway");
        }));
    }

    /// <summary>A nested type is named after the operation that it belongs to: <c>ListAttributes.Query</c> is <c>ListAttributesQuery</c>.</summary>
    private static string SchemaId(Type type)
    {
        var name = type.IsNested ? SchemaId(type.DeclaringType!) + type.Name : type.Name;
        return !type.IsGenericType ? name : name[..name.IndexOf('`', StringComparison.Ordinal)] + "Of" + string.Concat(type.GetGenericArguments().Select(SchemaId));
    }
}
