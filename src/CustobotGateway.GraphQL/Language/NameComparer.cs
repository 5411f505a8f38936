using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Finds names by their text in UTF-8. Names are ASCII, so a byte is a character; the seed keeps requests from being made of names that collide.</summary>
internal sealed class NameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const uint Prime = 16777619;

    private static readonly uint Seed = (uint)HashCode.Combine(0);

    private NameComparer()
    {
    }

    public static NameComparer Instance { get; } = new();

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

    public int GetHashCode(string name)
    {
        var hash = Seed;
        foreach (var value in name)
        {
            hash = (hash ^ value) * Prime;
        }
        return (int)hash;
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = Seed;
        foreach (var value in alternate)
        {
            hash = (hash ^ value) * Prime;
        }
        return (int)hash;
    }
}
