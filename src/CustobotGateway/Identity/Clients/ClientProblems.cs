using CustobotGateway.Common;

namespace CustobotGateway.Identity.Clients;

/// <summary>The refusals of keeping clients.</summary>
public static class ClientProblems
{
    /// <summary>The id is taken.</summary>
    public static readonly ProblemType Exists = new("client_exists", 409, "There is such a client already", "A client's id is given once. Change the client that has it, or take another id.");

    /// <summary>It has no secret.</summary>
    public static readonly ProblemType HasNoSecret = new("client_has_no_secret", 422, "The client has no secret",
        "Only clients that authenticate with client_secret_basic or client_secret_post have a secret to replace.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [Exists, HasNoSecret];
}
