using CustobotGateway.MessageSignatures.Components;

namespace CustobotGateway.MessageSignatures.Signing;

/// <summary>What a signature says and covers. The same parameters give the same text to sign.</summary>
public sealed record SigningParameters
{
    /// <summary>The label.</summary>
    public string Label { get; init; } = "sig1";

    /// <summary>What is covered, in that order.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>When it is made; null says nothing.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>From when on it is good for nothing; null says nothing.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The nonce; null for none.</summary>
    public string? Nonce { get; init; }

    /// <summary>The tag; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>The key's name; null for its thumbprint.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether the algorithm is named.</summary>
    public bool NamesAlgorithm { get; init; } = true;
}
