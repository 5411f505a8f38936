namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>Components of which a signature has to cover one.</summary>
/// <param name="AnyOf">As they are written, such as <c>"@authority"</c> with its quotes.</param>
/// <param name="Fault">The reason where none is covered.</param>
public sealed record Coverage(IReadOnlyList<string> AnyOf, SignatureFault Fault);

/// <summary>What a use of message signatures asks for beyond RFC 9421.</summary>
public sealed record SignatureProfile
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Values of the parameter <c>tag</c> that mean this profile.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>What has to be covered.</summary>
    public IReadOnlyList<Coverage> Covers { get; init; } = [];

    /// <summary>How long after its creation a signature may be good.</summary>
    public TimeSpan MostLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How far the signer's clock may be ahead.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether there has to be a nonce. One that is there is always checked.</summary>
    public bool RequiresNonce { get; init; }

    /// <summary>Whether the header Signature-Agent has to be there.</summary>
    public bool RequiresAgent { get; init; }

    /// <summary>Whether <c>keyId</c>, which is not a legal key of a structured field, is read as <c>keyid</c>.</summary>
    public bool AllowsCapitalKeyId { get; init; }

    /// <summary>Web Bot Auth (draft-ietf-webbotauth-httpsig-protocol): who operates the agent.</summary>
    public static SignatureProfile WebBotAuth { get; } = new()
    {
        Name = "web-bot-auth",
        Tags = ["web-bot-auth"],
        Covers = [new(["\"@authority\"", "\"@target-uri\""], SignatureFault.AuthorityNotCovered)],
    };

    /// <summary>Visa's Trusted Agent Protocol: an agent that looks, or that pays, on one page.</summary>
    public static SignatureProfile VisaTap { get; } = new()
    {
        Name = "tap",
        Tags = ["agent-browser-auth", "agent-payer-auth"],
        Covers = [new(["\"@authority\""], SignatureFault.AuthorityNotCovered), new(["\"@path\""], SignatureFault.PathNotCovered)],
        MostLife = TimeSpan.FromMinutes(8),
    };
}
