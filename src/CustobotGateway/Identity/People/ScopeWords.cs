using CustobotGateway.Common;

namespace CustobotGateway.Identity.People;

/// <summary>What a scope means, in words for the person who is asked.</summary>
internal static class ScopeWords
{
    public static string Of(string scope) => scope switch
    {
        Scopes.CatalogRead => "See products, prices and stock",
        Scopes.CatalogWrite => "Change products, prices and stock",
        Scopes.Negotiations => "Bargain about prices and ask for quotes",
        Scopes.Checkout => "Prepare orders, and place them within limits that you give it",
        Scopes.OrdersRead => "See the orders that it placed for you",
        Scopes.GrantsRead => "See what is left of the limits you gave it",
        Scopes.GrantsManage => "Decide for you about other programs: see, pause and end what you let them do, approve what they want to buy",
        Scopes.PaymentsDelegate => "Let other programs pay once, with a means of payment that it holds for you",
        Scopes.DemandRead => "See what machines ask the shop for",
        Scopes.BotScore => "Ask how the shop rates other programs",
        Scopes.Staff => "Act with your role in the shop",
        Scopes.OpenId => "Know who you are: your account's number",
        Scopes.OfflineAccess => "Stay connected when you are not there, until you end it",
        // A resource that the operator added names its scopes itself.
        _ => $"Use “{scope}”",
    };
}
