using System.Text;
using CustobotGateway.GraphQL.Execution;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>REST's operations as fields of the schema: each is listed with its function, from which its arguments and types are made.</summary>
internal sealed class OperationFields
{
    private readonly List<OperationField> _written = [];
    private readonly List<OperationField> _described = [];

    /// <summary>All of them.</summary>
    public IEnumerable<OperationField> All => _described.Concat(_written);

    /// <summary>A field that reads.</summary>
    /// <param name="operation">REST's name; the field is called what is got or listed.</param>
    /// <param name="run">The operation.</param>
    /// <param name="about">The class whose docstring describes it, where that is not the function's own.</param>
    public OperationFields Query(string operation, Delegate run, Type? about = null)
    {
        _written.Add(new OperationField(operation, isMutation: false, run, about));
        return this;
    }

    /// <summary>A field that changes something; it is called as REST calls it.</summary>
    /// <param name="operation">REST's name.</param>
    /// <param name="run">The operation.</param>
    /// <param name="about">The class whose docstring describes it, where that is not the function's own.</param>
    public OperationFields Mutation(string operation, Delegate run, Type? about = null)
    {
        _written.Add(new OperationField(operation, isMutation: true, run, about));
        return this;
    }

    /// <summary>A field that the common part of the schema describes already.</summary>
    public OperationFields Described(string operation, bool isMutation, Delegate run)
    {
        _described.Add(new OperationField(operation, isMutation, run, null));
        return this;
    }

    /// <summary>Writes the fields and the types that they need.</summary>
    public string Write()
    {
        var (docs, text) = (new DocComments(), new StringBuilder());
        var types = new WireTypes(docs);
        foreach (var root in _written.GroupBy(field => field.IsMutation))
        {
            text.Append("\nextend type ").Append(root.Key ? "Mutation" : "Query").Append(" {\n");
            foreach (var field in root)
            {
                field.Write(text, types, docs);
            }
            text.Append("}\n");
        }
        return text.Append(types.Text).ToString();
    }

    /// <summary>Binds the fields.</summary>
    public void Bind(Resolvers resolvers)
    {
        foreach (var field in All)
        {
            resolvers.FieldAsync(field.IsMutation ? "Mutation" : "Query", field.Name, field.ResolveAsync);
        }
    }
}
