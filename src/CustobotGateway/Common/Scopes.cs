namespace CustobotGateway.Common;

/// <summary>What an access token may allow (RFC 6749 §3.3). One list for every resource of the gateway.</summary>
public static class Scopes
{
    /// <summary>Reads products, attributes and stock. Needed where reads are not public.</summary>
    public const string CatalogRead = "catalog:read";

    /// <summary>Changes products, attributes, stock, mappings and imports.</summary>
    public const string CatalogWrite = "catalog:write";

    /// <summary>Bargains and asks for quotes.</summary>
    public const string Negotiations = "negotiations";

    /// <summary>Opens and completes checkout sessions.</summary>
    public const string Checkout = "checkout";

    /// <summary>Reads the orders that the same agent placed.</summary>
    public const string OrdersRead = "orders:read";

    /// <summary>Reads the agent's own grant and what is left of it.</summary>
    public const string GrantsRead = "grants:read";

    /// <summary>Acts for the person on what the person delegated to other clients: sees, pauses and ends it, decides approvals, sets preferences. For verified clients alone.</summary>
    public const string GrantsManage = "grants:manage";

    /// <summary>Makes, lists and takes back payment tokens, by which an agent pays without holding what it pays with.</summary>
    public const string PaymentsDelegate = "payments:delegate";

    /// <summary>Reads what machines asked for.</summary>
    public const string DemandRead = "demand:read";

    /// <summary>Asks how a caller is scored.</summary>
    public const string BotScore = "bot:score";

    /// <summary>Acts with the staff role of the person, or of a client that the merchant registered for it.</summary>
    public const string Staff = "staff";

    /// <summary>Tells the client who logged in (OpenID Connect Core §3.1.2.1). Allows nothing at a resource.</summary>
    public const string OpenId = "openid";

    /// <summary>Asks for a refresh token (OpenID Connect Core §11). Allows nothing at a resource.</summary>
    public const string OfflineAccess = "offline_access";

    /// <summary>What each scope of the API allows, in words.</summary>
    public static IReadOnlyDictionary<string, string> InWords { get; } = new Dictionary<string, string>
    {
        [CatalogRead] = "Read products, attributes and stock",
        [CatalogWrite] = "Change products, attributes, stock, mappings and imports",
        [Negotiations] = "Bargain and ask for quotes",
        [Checkout] = "Open and complete checkout sessions, within a mandate",
        [OrdersRead] = "Read the orders that the same agent placed",
        [GrantsRead] = "Read the agent's own grant and what is left of it",
        [GrantsManage] = "Act for the person on what other agents were granted: see, pause and end it, decide approvals, set preferences",
        [PaymentsDelegate] = "Make single-use payment tokens for agents, and take them back",
        [DemandRead] = "Read what machines asked for",
        [BotScore] = "Ask how a caller is scored",
        [Staff] = "Act with the person's staff role",
    };
}
