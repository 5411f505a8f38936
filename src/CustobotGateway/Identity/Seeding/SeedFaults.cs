using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.People;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Identity.Seeding;

/// <summary>What is wrong with a seed, each fault with its place. Looked for before anything is written, so that a seed is taken as a whole or not at all.</summary>
internal sealed class SeedFaults(IReadOnlyCollection<string> detailTypes)
{
    private const int LongestClientId = 200;
    private static readonly string[] KeyTypes = ["EC", "RSA", "OKP"];
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly List<FieldError> _faults = [];

    public IReadOnlyList<FieldError> Find(SeedFile seed)
    {
        ForEach("/people", seed.People, CheckPerson);
        ForEach("/clients", seed.Clients, CheckClient);
        ForEach("/resources", seed.Resources, CheckResource);
        ForEach("/delegations", seed.Delegations, CheckDelegation);
        ForEach("/trusted_agents", seed.TrustedAgents, CheckAgent);
        Twice("/people", "email", seed.People.Select(person => Person.KeyOf(person.Email)));
        Twice("/clients", "client_id", seed.Clients.Select(client => client.ClientId));
        Twice("/resources", "resource", seed.Resources.Select(resource => resource.Resource));
        return _faults;
    }

    private static void ForEach<T>(string pointer, IReadOnlyList<T> items, Action<string, T> check)
    {
        for (var i = 0; i < items.Count; i++)
        {
            check($"{pointer}/{i}", items[i]);
        }
    }

    private void CheckPerson(string at, SeedPerson person)
    {
        Check(Person.IsEmail(person.Email), $"{at}/email", "wrong_form", "An email address is expected.");
        // Shorter ones than people may choose: suites bring theirs along, and a seed is of a trial.
        Check(person.Password is { Length: > 0 and <= Passwords.Longest }, $"{at}/password", "wrong_length", $"A password has 1 to {Passwords.Longest} characters.");
        ForEach($"{at}/roles", person.Roles ?? [], (place, role) =>
            Check(StaffRoles.Find(role) is not null, place, "unknown_value", $"A role is one of {string.Join(", ", StaffRoles.Names)}."));
    }

    private void CheckClient(string at, SeedClient client)
    {
        Check(client.ClientId is { Length: > 0 and <= LongestClientId } && client.ClientId.All(letter => letter is >= ' ' and <= '~'),
            $"{at}/client_id", "wrong_form", $"A client id has 1 to {LongestClientId} printable ASCII characters.");
        Check(client.ClientSecret is null || client.Jwks is null, at, "invalid", "A client has a client_secret or jwks, not both.");
        Check(client.ClientSecret is null or { Length: > 0 and <= 512 }, $"{at}/client_secret", "wrong_length", "A secret has 1 to 512 characters.");
        if (client.Jwks is { } jwks && !JwkSet.TryRead(JsonSerializer.SerializeToUtf8Bytes(jwks), everyKey: true, out _, out var wrong))
        {
            Add($"{at}/jwks", "invalid", wrong);
        }
        CheckMethod(at, client);
        ForEach($"{at}/redirect_uris", client.RedirectUris, (place, uri) =>
            Check(RedirectUris.FaultOf(uri, null) is null, place, "invalid", RedirectUris.FaultOf(uri, null) ?? ""));
        ForEach($"{at}/grant_types", client.GrantTypes ?? [], (place, grant) =>
            Check(GrantTypes.All.Contains(grant), place, "unknown_value", $"A grant type is one of {string.Join(", ", GrantTypes.All)}."));
        ForEach($"{at}/authorization_details_types", client.AuthorizationDetailsTypes, (place, type) =>
            Check(detailTypes.Contains(type), place, "unknown_value", $"A type of authorization details is one of {string.Join(", ", detailTypes)}."));
        ForEach($"{at}/scopes", client.Scopes ?? [], CheckScope);
        ForEach($"{at}/resources", client.Resources ?? [], CheckResourceUri);
        Check(client.Refresh is null or "rotate" or "static", $"{at}/refresh", "unknown_value", "refresh is rotate or static.");
        Check(client.Refresh != "static" || MethodOf(client) != AuthMethods.None, $"{at}/refresh", "invalid", "Only a client that proves who it is keeps its refresh tokens.");
    }

    private void CheckMethod(string at, SeedClient client)
    {
        var method = MethodOf(client);
        var place = $"{at}/token_endpoint_auth_method";
        Check(AuthMethods.All.Contains(method), place, "unknown_value", $"A method is one of {string.Join(", ", AuthMethods.All)}.");
        Check(!AuthMethods.UsesSecret(method) || client.ClientSecret is not null, place, "invalid", $"The method {method} needs a client_secret.");
        Check(method != AuthMethods.PrivateKeyJwt || client.Jwks is not null, place, "invalid", $"The method {method} needs jwks.");
        Check(method != AuthMethods.None || client.ClientSecret is null, place, "invalid", "A client without a method has no client_secret.");
        Check(method != AuthMethods.None || !GrantsOf(client).Contains(GrantTypes.ClientCredentials), $"{at}/grant_types", "invalid",
            "Only a client that proves who it is has credentials of its own.");
        Check(!GrantsOf(client).Contains(GrantTypes.AuthorizationCode) || client.RedirectUris.Count > 0, $"{at}/redirect_uris", "required",
            "The authorization code grant needs redirect_uris.");
    }

    private void CheckResource(string at, SeedResource resource)
    {
        CheckResourceUri($"{at}/resource", resource.Resource);
        ForEach($"{at}/scopes", resource.Scopes ?? [], CheckScope);
    }

    private void CheckResourceUri(string at, string uri) => Check(
        uri is ['/', not '/', ..] ? !uri.Contains('#', StringComparison.Ordinal) : ResourceIndicators.IsWellFormed(uri) && uri.Contains("://", StringComparison.Ordinal),
        at, "wrong_form", "A resource is an absolute address, or a path under the issuer, without a fragment.");

    private void CheckScope(string at, string scope) =>
        Check(ScopeSet.TryParse(scope, out var read) && read.Values.Count == 1, at, "wrong_form", "A scope has no spaces, quotes and backslashes.");

    private void CheckDelegation(string at, SeedDelegation delegation)
    {
        ForEach($"{at}/scopes", delegation.Scopes ?? [], CheckScope);
        ForEach($"{at}/delegates", delegation.Delegates ?? [], (place, client) => Check(client != delegation.ClientId, place, "invalid", "The grant's own client needs no leave to exchange its tokens."));
        Check((delegation.Delegates ?? []).Distinct(StringComparer.Ordinal).Count() == (delegation.Delegates?.Count ?? 0), $"{at}/delegates", "duplicate", "Each client stands once.");
    }

    private void CheckAgent(string at, SeedTrustedAgent agent)
    {
        Check(agent.Agent is { Length: > 0 and <= 2_048 }, $"{at}/agent", "wrong_length", "An agent has 1 to 2048 characters.");
        Check(agent.Authority is { Length: > 0 and <= 2_048 }, $"{at}/authority", "wrong_length", "An authority has 1 to 2048 characters.");
        Check(agent.Keys.Count is > 0 and <= JwkSet.MostKeys, $"{at}/keys", "wrong_length", $"An agent has 1 to {JwkSet.MostKeys} keys.");
        ForEach($"{at}/keys", agent.Keys, (place, key) =>
        {
            Check(key.ValueKind == JsonValueKind.Object && key.TryGetProperty("kty", out var kind) && kind.ValueKind == JsonValueKind.String && KeyTypes.Contains(kind.GetString()),
                place, "invalid", "A key is a JSON Web Key of type EC, RSA or OKP.");
            Check(key.ValueKind != JsonValueKind.Object || !PrivateMembers.Any(member => key.TryGetProperty(member, out _)), place, "invalid", "The key has a private member.");
        });
    }

    /// <summary>How the client proves who it is.</summary>
    public static string MethodOf(SeedClient client) => client.TokenEndpointAuthMethod
        ?? (client.ClientSecret is not null ? AuthMethods.SecretBasic : client.Jwks is not null ? AuthMethods.PrivateKeyJwt : AuthMethods.None);

    /// <summary>The client's grants.</summary>
    public static IReadOnlyList<string> GrantsOf(SeedClient client) => client.GrantTypes
        ?? (client.RedirectUris.Count > 0 ? [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken]
            : MethodOf(client) != AuthMethods.None ? [GrantTypes.ClientCredentials]
            : [GrantTypes.DeviceCode, GrantTypes.RefreshToken]);

    private void Twice(string pointer, string member, IEnumerable<string> keys)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var key in keys)
        {
            Check(seen.Add(key), $"{pointer}/{i++}/{member}", "duplicate", "It stands here twice.");
        }
    }

    private void Check(bool holds, string pointer, string code, string detail)
    {
        if (!holds)
        {
            Add(pointer, code, detail);
        }
    }

    private void Add(string pointer, string code, string detail) => _faults.Add(new(pointer, code, detail));
}
