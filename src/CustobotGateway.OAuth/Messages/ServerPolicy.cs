using System.Diagnostics.CodeAnalysis;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;

namespace CustobotGateway.OAuth.Messages;

/// <summary>What this server knows and offers, for every request alike.</summary>
public sealed record ServerPolicy
{
    /// <summary>The server's identifier, without a slash at the end, the same characters wherever it is written (RFC 8414 §2, RFC 9207 §2).</summary>
    public required string Issuer { get; init; }

    /// <summary>The resources that tokens are made for.</summary>
    public required IReadOnlyList<ProtectedResource> Resources { get; init; }

    /// <summary>The resource that is meant where none is asked (RFC 8707 §2).</summary>
    public required string DefaultResource { get; init; }

    /// <summary>The types of authorization details (RFC 9396 §10).</summary>
    public IReadOnlyList<DetailType> DetailTypes { get; init; } = [];

    /// <summary>Whether every client has to push its authorization requests (RFC 9126 §5).</summary>
    public bool RequiresPushedRequests { get; init; }

    /// <summary>Every scope of every resource.</summary>
    public ScopeSet Scopes => Resources.Aggregate(ScopeSet.Empty, (all, resource) => all.Union(resource.Scopes));

    /// <summary>What a request of the client without <c>resource</c> means.</summary>
    public IReadOnlyList<string> DefaultFor(Client client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Resources.Contains(DefaultResource) ? [DefaultResource] : [.. client.Resources.Take(1)];
    }

    /// <summary>The types of authorization details that the client may ask for.</summary>
    public IReadOnlyCollection<DetailType> TypesFor(Client client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return [.. DetailTypes.Where(type => client.AuthorizationDetailsTypes.Contains(type.Name))];
    }

    /// <summary>Reads the parameter, where it is sent, by the types that the client may ask for.</summary>
    internal bool TryReadDetails(
        RequestParameters parameters, Client client, DateTimeOffset now, bool ofGrant,
        out AuthorizationDetails? details, [NotNullWhen(false)] out OAuthError? error)
    {
        (details, error) = (null, null);
        return parameters["authorization_details"] is not { } text
            || AuthorizationDetails.Read(text, TypesFor(client), now, ofGrant).TryGet(out details, out error);
    }
}
