using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Identity.People;

/// <summary>What a client asks of a person, whichever way it came: what the consent page and the device page show.</summary>
/// <param name="Client">The client.</param>
/// <param name="Scopes">The scopes that the person can give.</param>
/// <param name="Withheld">The scopes that the client asked for and the person has no right to give.</param>
/// <param name="Resources">The resources.</param>
/// <param name="Details">The authorization details; null without any.</param>
internal sealed record AskedOf(Client Client, ScopeSet Scopes, ScopeSet Withheld, IReadOnlyList<string> Resources, AuthorizationDetails? Details)
{
    /// <summary>What people are shown as the client's name.</summary>
    public string ClientName => Client.Name ?? Client.ClientId;

    /// <summary>Of a client whose id is the address of its metadata, the host that published it; null for others.</summary>
    public string? PublishedBy => ClientIdDocument.IsAddress(Client.ClientId) ? new Uri(Client.ClientId).Host : null;

    /// <summary>Whether money is asked for, in limits.</summary>
    public bool HasMandate => Details?.Elements.Any(MandateEditor.IsMandate) == true;

    /// <summary>
    /// What that person is asked: a person without a staff role cannot give away what only the merchant's own people have.
    /// </summary>
    public static AskedOf Of(Client client, ScopeSet scopes, IReadOnlyList<string> resources, AuthorizationDetails? details, SignedInPerson person)
    {
        var given = person.IsStaff ? scopes : ScopeSet.Of(scopes.Values.Except(GatewayScopes.Merchant.Values));
        return new(client, given, ScopeSet.Of(scopes.Values.Except(given.Values)), resources, details);
    }

    /// <summary>Nothing is left that the person could give.</summary>
    public bool IsNothing => Scopes.IsEmpty && Details is null;
}
