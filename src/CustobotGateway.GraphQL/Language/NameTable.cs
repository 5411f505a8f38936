using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Gives the same string for the same name within one document, so that names that repeat are kept once.</summary>
internal sealed class NameTable
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> _names =
        new HashSet<string>(NameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    public string Get(ReadOnlySpan<byte> name)
    {
        if (!_names.TryGetValue(name, out var known))
        {
            known = Encoding.ASCII.GetString(name);
            _names.Set.Add(known);
        }
        return known;
    }
}
