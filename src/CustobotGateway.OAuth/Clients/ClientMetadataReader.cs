using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Clients;

/// <summary>Checks what a stranger says of itself (RFC 7591 §2, §5). Members that are unknown are ignored; none that is known is taken on trust.</summary>
/// <param name="grantTypes">The grants that clients may register themselves for.</param>
/// <param name="scopes">The scopes that they may name.</param>
/// <param name="detailTypes">The types of authorization details that they may name.</param>
public sealed class ClientMetadataReader(IReadOnlyCollection<string> grantTypes, ScopeSet scopes, IReadOnlyCollection<string> detailTypes)
{
    /// <summary>The longest document, in bytes.</summary>
    public const int MostBytes = 65_536;

    private const int MostRedirectUris = 20;
    private const int LongestText = 1_024;
    private const int LongestUri = 2_048;

    private static readonly string[] Texts = ["client_name", "software_id", "software_version", "scope", "application_type", "token_endpoint_auth_method"];
    private static readonly string[] Addresses = ["client_uri", "jwks_uri", "logo_uri", "tos_uri", "policy_uri"];

    /// <summary>What strangers may register for by default: what a person has to agree to.</summary>
    public static IReadOnlyList<string> OpenGrantTypes { get; } = [Messages.GrantTypes.AuthorizationCode, Messages.GrantTypes.RefreshToken, Messages.GrantTypes.DeviceCode];

    /// <summary>Reads the body of a registration.</summary>
    public Checked<ClientMetadata> Read(ReadOnlyMemory<byte> utf8) =>
        utf8.Length > MostBytes || !StrictJson.TryParse(utf8, JsonValueKind.Object, out var json) ? Invalid("The metadata are no well-formed JSON object.") : Read(json);

    internal Checked<ClientMetadata> Read(JsonElement json)
    {
        if (json.Has("software_statement"))
        {
            return new OAuthError(ErrorCodes.InvalidSoftwareStatement, "Software statements are not accepted.");
        }
        if (FaultOfTexts(json) is { } malformed)
        {
            return Invalid(malformed);
        }
        if (!json.TryTexts("redirect_uris", MostRedirectUris, out var redirectUris) || !json.TryTexts("grant_types", 8, out var grants)
            || !json.TryTexts("response_types", 4, out var responses) || !json.TryTexts("authorization_details_types", 8, out var types) || !json.TryTexts("contacts", 8, out _))
        {
            return Invalid("A list of the metadata is no list of texts, or is too long.");
        }
        redirectUris ??= [];
        if (redirectUris.Select(uri => Messages.RedirectUris.FaultOf(uri, json.Text("application_type"))).FirstOrDefault(fault => fault is not null) is { } wrong)
        {
            return new OAuthError(ErrorCodes.InvalidRedirectUri, wrong);
        }
        var method = json.Text("token_endpoint_auth_method") ?? AuthMethods.SecretBasic;
        grants ??= [Messages.GrantTypes.AuthorizationCode];
        if (FaultOfGrants(grants, responses, types, redirectUris, IsTrue(json, "test_mode")) is { } contradiction)
        {
            return Invalid(contradiction);
        }
        if (!TryReadKeys(json, method, out var keys, out var fault) || !TryReadScopes(json, out var asked, out fault))
        {
            return Invalid(fault);
        }
        return new ClientMetadata
        {
            RedirectUris = redirectUris,
            AuthMethod = method,
            GrantTypes = grants,
            Name = json.Text("client_name"),
            ClientUri = json.Text("client_uri"),
            Scopes = asked,
            ApplicationType = json.Text("application_type"),
            Keys = keys,
            JwksUri = json.Text("jwks_uri"),
            AuthorizationDetailsTypes = types ?? [],
            RequiresDpop = IsTrue(json, "dpop_bound_access_tokens"),
            IsTest = IsTrue(json, "test_mode"),
            RequiresPushedRequests = IsTrue(json, "require_pushed_authorization_requests"),
            SoftwareId = json.Text("software_id"),
            SoftwareVersion = json.Text("software_version"),
        };
    }

    private static string? FaultOfTexts(JsonElement json)
    {
        foreach (var name in Texts)
        {
            if (json.Has(name) && !(json.Text(name) is { Length: > 0 and <= LongestText } text && !text.Any(char.IsControl)))
            {
                return $"The {name} is no short text.";
            }
        }
        foreach (var name in Addresses)
        {
            if (json.Has(name) && !IsHttps(json.Text(name)))
            {
                return $"The {name} is no https address.";
            }
        }
        return json.Text("application_type") is not (null or "web" or "native") ? "The application_type is web or native."
            : json.Has("dpop_bound_access_tokens") && !IsBoolean(json, "dpop_bound_access_tokens") ? "The dpop_bound_access_tokens is true or false."
            : json.Has("test_mode") && !IsBoolean(json, "test_mode") ? "The test_mode is true or false."
            : json.Has("require_pushed_authorization_requests") && !IsBoolean(json, "require_pushed_authorization_requests") ? "The require_pushed_authorization_requests is true or false."
            : null;
    }

    private string? FaultOfGrants(string[] grants, string[]? responses, string[]? types, string[] redirectUris, bool isTest) =>
        grants.FirstOrDefault(grant => !grantTypes.Contains(grant) && !(isTest && grant == Messages.GrantTypes.ClientCredentials)) is not null ? "A grant_type is unknown, or not for clients that register themselves."
        : responses?.Any(response => response != "code") == true ? "The only response_type is code."
        : grants.Contains(Messages.GrantTypes.AuthorizationCode) && redirectUris.Length == 0 ? "The authorization code grant needs redirect_uris."
        : types?.Any(type => !detailTypes.Contains(type)) == true ? "A type of authorization details is unknown."
        : null;

    private static bool TryReadKeys(
        JsonElement json, string method, out JwkSet? keys, [NotNullWhen(false)] out string? fault)
    {
        keys = null;
        fault = !AuthMethods.All.Contains(method) ? "The token_endpoint_auth_method is unknown."
            : json.Has("jwks") && json.Has("jwks_uri") ? "Keys are given by jwks or by jwks_uri, not both."
            : method == AuthMethods.PrivateKeyJwt && !json.Has("jwks") && !json.Has("jwks_uri") ? "The method private_key_jwt needs keys."
            : null;
        if (fault is null && json.TryGetProperty("jwks", out var set) && JwkSet.TryRead(set, everyKey: true, out keys, out fault) && keys.Keys.Count == 0)
        {
            fault = "The jwks has no key.";
        }
        return fault is null;
    }

    private bool TryReadScopes(JsonElement json, out ScopeSet? asked, [NotNullWhen(false)] out string? fault)
    {
        asked = null;
        fault = json.Text("scope") is { } text && !(ScopeSet.TryParse(text, out asked) && asked.IsWithin(scopes)) ? "A scope is unknown or malformed." : null;
        return fault is null;
    }

    private static bool IsHttps(string? uri) => uri is { Length: <= LongestUri } && uri.StartsWith("https://", StringComparison.Ordinal)
        && Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0;

    private static bool IsBoolean(JsonElement json, string name) => json.GetProperty(name).ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static OAuthError Invalid(string why) => new(ErrorCodes.InvalidClientMetadata, why);
}
