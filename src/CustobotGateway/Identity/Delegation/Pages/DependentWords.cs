namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>What ends with a grant, as its person reads it.</summary>
internal static class DependentWords
{
    /// <summary>Its kind.</summary>
    public static string Kind(GrantDependent dependent) => dependent.Kind switch
    {
        "access_token" => "Access",
        "refresh_token" => "Staying connected",
        "authorization_code" or "device_code" => "A connection that is being made",
        "approval" => "A purchase that waits for you",
        "hold" => "Money that is reserved",
        "negotiation" => "A bargain",
        "quote" => "An agreed price",
        "checkout_session" => "A purchase that is being made",
        var other => other.Replace('_', ' '),
    };
}
