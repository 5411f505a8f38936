using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>Says a constraint as a ProductFilterInput, in JSON: what a relaxation offers to put in a constraint's place.</summary>
internal static class FilterWriter
{
    /// <summary>The filter; null where the schema has no field for an attribute of it.</summary>
    public static JsonObject? Write(Constraint constraint, RegistryNames names)
    {
        if (constraint.Parts is { } parts)
        {
            var written = parts.Select(part => Write(part, names)).ToArray();
            var group = constraint.Any is not null ? "any" : constraint.All is not null ? "all" : "not";
            return written.All(part => part is not null) ? new JsonObject { [group] = new JsonArray([.. written]) } : null;
        }
        if (constraint.Attribute is "id" or "external_id")
        {
            return new JsonObject { [constraint.Attribute == "id" ? "id" : "externalId"] = WriteOperator(constraint, null) };
        }
        return names.ByKey(constraint.Attribute!) is { } attribute ? new JsonObject { [attribute.Field] = WriteOperator(constraint, attribute) } : null;
    }

    private static JsonObject WriteOperator(Constraint constraint, AttributeNames? attribute)
    {
        var filter = new JsonObject();
        var op = SearchRequestReader.NameOf(constraint.Op!.Value);
        switch (constraint.Op)
        {
            case Operator.Between:
                filter[op] = new JsonObject { ["from"] = Operand(constraint.From!.Value), ["to"] = Operand(constraint.To!.Value) };
                break;
            case Operator.In or Operator.All when attribute?.EnumType is not null:
                var names = constraint.Values!.Select(value => (value.Text, Name: attribute.NameOf(value.Text ?? ""))).ToList();
                Add(filter, op, names.Where(term => term.Name is not null).Select(term => term.Name!));
                Add(filter, op + "Values", names.Where(term => term.Name is null).Select(term => term.Text!));
                break;
            case Operator.In or Operator.All:
                filter[op] = new JsonArray([.. constraint.Values!.Select(value => Operand(value))]);
                break;
            case Operator.Eq when attribute?.EnumType is not null && constraint.Value!.Value.Text is { } term:
                filter[attribute.NameOf(term) is null ? "eqValue" : op] = attribute.NameOf(term) ?? term;
                break;
            default:
                filter[op] = Operand(constraint.Value!.Value);
                break;
        }
        var operand = constraint.Value ?? constraint.From ?? constraint.Values?[0];
        if ((constraint.Unit ?? (operand is { Kind: ConstraintValueKind.Measure, Text: { } own } ? own : null)) is { } unit && attribute?.Type != AttributeType.Geo)
        {
            filter["unit"] = unit;
        }
        if (constraint.Unknown is { } unknown)
        {
            filter["unknown"] = unknown.ToString().ToUpperInvariant();
        }
        return filter;
    }

    private static void Add(JsonObject filter, string name, IEnumerable<string> terms)
    {
        var list = new JsonArray([.. terms.Select(term => JsonValue.Create(term))]);
        if (list.Count > 0)
        {
            filter[name] = list;
        }
    }

    private static JsonNode Operand(in ConstraintValue value) => value.Kind switch
    {
        ConstraintValueKind.Number or ConstraintValueKind.Measure => JsonValue.Create(value.Number),
        ConstraintValueKind.Text => JsonValue.Create(value.Text)!,
        ConstraintValueKind.Money => new JsonObject { ["amount"] = value.Number, ["currency"] = value.Text },
        ConstraintValueKind.Circle => new JsonObject { ["lat"] = value.Circle!.Lat, ["lon"] = value.Circle.Lon, ["radius"] = value.Circle.Radius, ["unit"] = value.Circle.Unit },
        _ => JsonValue.Create(value.Kind == ConstraintValueKind.True),
    };
}
