using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Gives the same string for the same name within one document, so that names that repeat are kept once.</summary>
internal sealed class NameTable
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> _names =
        new HashSet<string>(new Comparer()).GetAlternateLookup<ReadOnlySpan<byte>>();

    public string Get(ReadOnlySpan<byte> name)
    {
        if (!_names.TryGetValue(name, out var known))
        {
            known = Encoding.ASCII.GetString(name);
            _names.Set.Add(known);
        }
        return known;
    }

    // Names are ASCII, so a byte is a character. The seed keeps a document from being made of names that collide.
    private sealed class Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        private static readonly uint Seed = (uint)HashCode.Combine(0);

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

        public int GetHashCode(string name)
        {
            var hash = Seed;
            foreach (var value in name)
            {
                hash = (hash ^ value) * 16777619;
            }
            return (int)hash;
        }

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = Seed;
            foreach (var value in alternate)
            {
                hash = (hash ^ value) * 16777619;
            }
            return (int)hash;
        }
    }
}
