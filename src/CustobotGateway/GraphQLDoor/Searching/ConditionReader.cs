using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <content>The conditions of one attribute's filter: one for each operator, with the filter's unit and policy.</content>
internal sealed partial class SearchInput
{
    private readonly ref struct ConditionReader(SearchInput input, AttributeNames attribute, InputObject filter, List<Constraint> into, string? path)
    {
        public void Read()
        {
            var (before, unit, unknown) = (into.Count, Text("unit"), Unknown());
            foreach (var (field, value) in filter.Fields)
            {
                if (value is not null)
                {
                    Add(field.Name, value, unit, unknown);
                }
            }
            if (into.Count == before && (unit is not null || unknown is not null))
            {
                input.Fault(path, CommonProblems.InvalidRequest, "missing_member", "The filter has a unit or a policy for unknown values, and no operator.");
            }
        }

        private void Add(string name, object value, string? unit, UnknownPolicy? unknown)
        {
            var here = At(path, name);
            Constraint constraint;
            switch (name)
            {
                case "unit" or "unknown":
                // Told together with the listed ones, unless there are none.
                case "inValues" when Has("in"):
                case "allValues" when Has("all"):
                    return;
                case "exists":
                    into.Add(input.Keep(new Constraint { Attribute = attribute.Key, Op = Operator.Exists, Value = ConstraintValue.Of((bool)value) }, here));
                    return;
                case "between":
                    var range = (InputObject)value;
                    constraint = new Constraint { Attribute = attribute.Key, Op = Operator.Between, From = Operand(range["from"]!, At(here, "from")), To = Operand(range["to"]!, At(here, "to")), Unit = unit, Unknown = unknown };
                    break;
                case "in" or "inValues":
                    constraint = new Constraint { Attribute = attribute.Key, Op = Operator.In, Values = Operands("in", "inValues"), Unit = unit, Unknown = unknown };
                    break;
                case "all" or "allValues":
                    constraint = new Constraint { Attribute = attribute.Key, Op = Operator.All, Values = Operands("all", "allValues"), Unit = unit, Unknown = unknown };
                    break;
                case "eqValue" or "prefix":
                    constraint = new Constraint { Attribute = attribute.Key, Op = name == "prefix" ? Operator.Prefix : Operator.Eq, Value = input.ReadText((string)value, here), Unknown = unknown };
                    break;
                default:
                    constraint = new Constraint { Attribute = attribute.Key, Op = OperatorOf(name), Value = Operand(value, here), Unit = unit, Unknown = unknown };
                    break;
            }
            into.Add(input.Keep(constraint, here));
        }

        private bool Has(string name) => filter.TryGetValue(name, out var value) && value is not null;

        private string? Text(string name) => filter.TryGetValue(name, out var value) ? value as string : null;

        private UnknownPolicy? Unknown() => Text("unknown") switch
        {
            "INCLUDE" => UnknownPolicy.Include,
            "ONLY" => UnknownPolicy.Only,
            "EXCLUDE" => UnknownPolicy.Exclude,
            _ => null,
        };

        private static Operator OperatorOf(string name) => name switch
        {
            "gt" => Operator.Gt,
            "gte" => Operator.Gte,
            "lt" => Operator.Lt,
            "lte" => Operator.Lte,
            "within" => Operator.Within,
            _ => Operator.Eq,
        };

        /// <summary>The operands of a list, and those of the list beside it that names terms by their text.</summary>
        private List<ConstraintValue> Operands(string name, string texts)
        {
            var operands = new List<ConstraintValue>();
            if (filter.TryGetValue(name, out var listed) && listed is IReadOnlyList<object?> values)
            {
                for (var i = 0; i < values.Count; i++)
                {
                    operands.Add(Operand(values[i]!, At(At(path, name), i)));
                }
            }
            if (filter.TryGetValue(texts, out var others) && others is IReadOnlyList<object?> more)
            {
                for (var i = 0; i < more.Count; i++)
                {
                    operands.Add(input.ReadText((string)more[i]!, At(At(path, texts), i)));
                }
            }
            if (operands.Count == 0)
            {
                input.Fault(At(path, name), CommonProblems.InvalidRequest, "empty_list", "The list has at least one value.");
            }
            return operands;
        }

        private ConstraintValue Operand(object value, string? place) => value switch
        {
            string name when attribute.EnumType is not null => ConstraintValue.Of(attribute.TermOf(name)),
            string text => input.ReadText(text, place),
            bool truth => ConstraintValue.Of(truth),
            InputObject circle when attribute.Type == AttributeType.Geo => ConstraintValue.Of(new Circle((double)circle["lat"]!, (double)circle["lon"]!, (double)circle["radius"]!, circle.GetValueOrDefault("unit") as string)),
            InputObject money => ConstraintValue.Money((long)money["amount"]!, (string)money["currency"]!),
            _ => Number(value),
        };
    }
}
