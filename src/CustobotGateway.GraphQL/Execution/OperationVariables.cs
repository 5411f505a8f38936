using System.Text;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>The variables that an operation declares, with their types; the same for all its requests.</summary>
internal sealed class OperationVariables
{
    // Up to here a scan is faster than hashing.
    private const int MaxScanned = 8;

    private readonly (VariableDefinitionNode Node, SchemaType Type)[] _definitions;
    private readonly Dictionary<string, int>? _indexes;

    public OperationVariables(Schema schema, OperationNode operation)
    {
        _definitions = [.. operation.Variables.Select(node => (node, schema.FindType(node.Type)!))];
        if (_definitions.Length > MaxScanned)
        {
            _indexes = new Dictionary<string, int>(_definitions.Length, NameComparer.Instance);
            for (var i = 0; i < _definitions.Length; i++)
            {
                _indexes.TryAdd(Name(i), i);
            }
        }
    }

    public int Count => _definitions.Length;

    public (VariableDefinitionNode Node, SchemaType Type) this[int index] => _definitions[index];

    public string Name(int index) => _definitions[index].Node.Variable.Name.Value;

    /// <summary>The place of a variable; -1 where it is not declared.</summary>
    public int IndexOf(string name)
    {
        if (_indexes is not null)
        {
            return _indexes.GetValueOrDefault(name, -1);
        }
        for (var i = 0; i < _definitions.Length; i++)
        {
            if (Name(i) == name)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>The same for a name in UTF-8.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        if (_indexes is not null)
        {
            return _indexes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var index) ? index : -1;
        }
        for (var i = 0; i < _definitions.Length; i++)
        {
            if (Ascii.Equals(name, Name(i)))
            {
                return i;
            }
        }
        return -1;
    }
}
