namespace CustobotGateway.GraphQLDoor;

/// <summary>The GraphQL door's limits; section <c>GraphQL</c> of the configuration.</summary>
public sealed record GraphQLDoorOptions
{
    /// <summary>Folder of <c>*.graphql</c> files that are known from the start, by the SHA-256 of their text; null for none.</summary>
    public string? TrustedDocuments { get; init; }

    /// <summary>Whether only documents of <see cref="TrustedDocuments"/> are executed; default false.</summary>
    public bool OnlyTrustedDocuments { get; init; }

    /// <summary>What an operation may cost at most, fields and objects each; default 10,000, 1 to 10,000,000.</summary>
    public int MaxCost { get; init; } = 10_000;

    /// <summary>Bytes of documents that clients have registered by their hash; default 16 MiB, 0 to 1 GiB.</summary>
    public long PersistedBytes { get; init; } = 16L << 20;

    /// <summary>Streams of events that are open at once; default 1,000, 0 to 100,000.</summary>
    public int MaxStreams { get; init; } = 1_000;

    /// <summary>Bytes of the data of one answer; default 16 MiB, 64 KiB to 1 GiB.</summary>
    public long MaxResponseBytes { get; init; } = 16L << 20;

    /// <summary>Throws where a value is out of its range.</summary>
    public GraphQLDoorOptions Check()
    {
        ThrowIfOutside(MaxCost, 1, 10_000_000, nameof(MaxCost));
        ThrowIfOutside(PersistedBytes, 0, 1L << 30, nameof(PersistedBytes));
        ThrowIfOutside(MaxStreams, 0, 100_000, nameof(MaxStreams));
        ThrowIfOutside(MaxResponseBytes, 64L << 10, 1L << 30, nameof(MaxResponseBytes));
        return this;
    }

    private static void ThrowIfOutside(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"GraphQL:{name} lies between {least} and {most}.");
        }
    }
}
