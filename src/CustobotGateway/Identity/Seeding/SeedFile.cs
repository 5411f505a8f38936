using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Identity.Seeding;

/// <summary>What a trial starts with: people, clients, resources, delegations and trusted agents. A member that is not listed here is refused, never ignored.</summary>
public sealed record SeedFile
{
    /// <summary>The longest file, in bytes.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>Accounts.</summary>
    public IReadOnlyList<SeedPerson> People { get; init; } = [];

    /// <summary>OAuth clients.</summary>
    public IReadOnlyList<SeedClient> Clients { get; init; } = [];

    /// <summary>Resources besides the gateway's own, or more scopes of those.</summary>
    public IReadOnlyList<SeedResource> Resources { get; init; } = [];

    /// <summary>What people have granted already.</summary>
    public IReadOnlyList<SeedDelegation> Delegations { get; init; } = [];

    /// <summary>Agents whose signatures are trusted from the start.</summary>
    public IReadOnlyList<SeedTrustedAgent> TrustedAgents { get; init; } = [];

    /// <summary>Reads a file, strictly.</summary>
    public static Outcome<SeedFile> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostBytes)
        {
            return CommonProblems.InvalidRequest.With($"A seed file has at most {MostBytes} bytes.");
        }
        try
        {
            return JsonSerializer.Deserialize<SeedFile>(utf8, Json.Options) is { } file
                ? file
                : CommonProblems.InvalidRequest.With("The seed is null.", [new("", "required", "A seed is a JSON object.")]);
        }
        catch (JsonException exception)
        {
            return BindingFailures.Describe(exception);
        }
    }
}

/// <summary>An account.</summary>
/// <param name="Email">The address.</param>
/// <param name="Password">The password.</param>
/// <param name="Roles">The staff's roles, such as <c>administrator</c>; none for a principal.</param>
public sealed record SeedPerson(string Email, string Password, IReadOnlyList<string>? Roles = null);

/// <summary>An OAuth client.</summary>
public sealed record SeedClient
{
    /// <summary>Its id.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret; null for a client with keys or without either.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Its public keys, a JSON Web Key Set; null for a client with a secret or without either.</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>Where codes may be sent to.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The grants; by default the code and refreshing where there are redirect URIs, else the client's own credentials.</summary>
    public IReadOnlyList<string>? GrantTypes { get; init; }

    /// <summary>How it proves who it is; by default what its secret or its keys are for, else <c>none</c>.</summary>
    public string? TokenEndpointAuthMethod { get; init; }

    /// <summary>The scopes; by default those of its resources.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The types of authorization details.</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>The resources, absolute or as paths under the issuer; by default all.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>What happens to refresh tokens: <c>rotate</c> (default) or <c>static</c>.</summary>
    public string? Refresh { get; init; }

    /// <summary>Whether all its tokens have to be bound to a key.</summary>
    public bool RequireDpop { get; init; }

    /// <summary>Whether it has to push its authorization requests.</summary>
    public bool RequirePar { get; init; }
}

/// <summary>A resource.</summary>
/// <param name="Resource">Absolute, or a path under the issuer.</param>
/// <param name="Scopes">The scopes that mean something there.</param>
public sealed record SeedResource(string Resource, IReadOnlyList<string>? Scopes = null);

/// <summary>What a person has granted a client.</summary>
/// <param name="Person">The person's address.</param>
/// <param name="ClientId">The client.</param>
/// <param name="Scopes">The scopes; by default the client's default ones.</param>
/// <param name="AuthorizationDetails">The authorization details; none by default.</param>
/// <param name="Delegates">Clients that may exchange the grant's tokens besides its own (RFC 8693); none by default.</param>
public sealed record SeedDelegation(
    string Person, string ClientId, IReadOnlyList<string>? Scopes = null, JsonElement? AuthorizationDetails = null, IReadOnlyList<string>? Delegates = null);

/// <summary>An agent that signs its messages.</summary>
/// <param name="Agent">The agent's address.</param>
/// <param name="Authority">The host that its signatures are over, where that is another than the gateway's own.</param>
/// <param name="Keys">Public JSON Web Keys.</param>
public sealed record SeedTrustedAgent(string Agent, string Authority, IReadOnlyList<JsonElement> Keys);
