using System.Text.Json;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests;

/// <summary>What passes every check; a test changes one thing of it.</summary>
internal static class A
{
    public const string Issuer = "https://gw.example";
    public const string Api = "https://gw.example/v1";
    public const string Graph = "https://gw.example/graphql";
    public const string Callback = "https://agent.example/callback";
    public const string Secret = "7Fjfp0ZBr1KtDRbnfVdmIw";

    // RFC 7636 appendix B.
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The mandate of an agent that buys, as an example of a type with every kind of member.</summary>
    public static readonly DetailType Mandate = new(
        "purchase_mandate",
        [
            new AssignedText("mandate_id"),
            new AllowedSet("actions", required: true, values: ["quote", "purchase"]),
            new AllowedSet("locations"),
            new FixedText("currency", text => text.Length == 3 && text.All(char.IsAsciiLetterUpper), "a currency of ISO 4217", required: true),
            new DetailGroup(
                "limits",
                [
                    new AmountCeiling("per_item"),
                    new AmountCeiling("per_order"),
                    new AmountCeiling("total", required: true),
                    new DetailGroup("period", [new AmountCeiling("amount", required: true), new FixedText("every", text => text.StartsWith('P'), "a duration", required: true)]),
                ],
                required: true),
            new AllowedSet("categories"),
            new DetailGroup("merchants", [new AllowedSet("allow"), new DeniedSet("deny")]),
            new AmountCeiling("approval_above"),
            new CountCeiling("max_orders"),
            new Deadline("not_after", required: true),
        ],
        (element, now) => Deadline.TryRead(element.GetProperty("not_after"), out var end) && end > now ? null : "not_after is in the past");

    public static readonly ServerPolicy Policy = new()
    {
        Issuer = Issuer,
        Resources = [new(Api, ScopeSet.Of("search", "buy", "orders")), new(Graph, ScopeSet.Of("search"))],
        DefaultResource = Api,
        DetailTypes = [Mandate],
    };

    public const string MandateJson = """
        [{"type":"purchase_mandate","actions":["quote","purchase"],"locations":["https://gw.example/v1"],"currency":"EUR",
          "limits":{"per_item":"80.00","per_order":"150.00","total":"250.00","period":{"amount":"100.00","every":"P7D"}},
          "categories":["office","books"],"merchants":{"allow":["m-1"],"deny":[]},"approval_above":"60.00","max_orders":5,"not_after":"2026-12-31T23:59:59Z"}]
        """;

    public static AuthorizationDetails Details => AuthorizationDetails.Read(MandateJson, [Mandate], Now).Value;

    public static Client Client => new()
    {
        ClientId = "s6BhdRkqt3",
        AuthMethod = AuthMethods.SecretBasic,
        Secrets = [SecretHash.Of(Secret)],
        RedirectUris = [Callback],
        GrantTypes = [.. GrantTypes.All],
        Scopes = ScopeSet.Of("search", "buy", "openid"),
        DefaultScopes = ScopeSet.Of("search"),
        Resources = [Api, Graph],
        AuthorizationDetailsTypes = ["purchase_mandate"],
        ExchangeResources = [Api, Graph],
    };

    public static Client PublicClient => Client with { AuthMethod = AuthMethods.None, Secrets = [], ExchangeResources = [] };

    public static Grant Grant => new()
    {
        GrantId = "g-1",
        ClientId = Client.ClientId,
        Subject = "p-1",
        Scopes = ScopeSet.Of("search", "buy"),
        Resources = [Api, Graph],
        Details = Details,
    };

    public static AccessToken Token => new()
    {
        Issuer = Issuer,
        Subject = "p-1",
        Audience = Api,
        ClientId = Client.ClientId,
        IssuedAt = Now,
        ExpiresAt = Now.AddMinutes(10),
        TokenId = "t-1",
        Scopes = ScopeSet.Of("search", "buy"),
        GrantId = "g-1",
        Details = Details,
    };

    public static RequestParameters Parameters(params (string Name, string Value)[] pairs) =>
        RequestParameters.Read(pairs.Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value))).Value;

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    public static JsonElement Json(byte[] utf8) => JsonDocument.Parse(utf8).RootElement;
}
