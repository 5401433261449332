// The parts of sigma and graphology that the overview page uses, under one global name.
import { createNodeBorderProgram } from "@sigma/node-border";
import { NodeSquareProgram } from "@sigma/node-square";
import Graph from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram, NodePointProgram } from "sigma/rendering";

globalThis.ringscopeGraph = {
  EdgeLineProgram,
  Graph,
  NodePointProgram,
  NodeSquareProgram,
  Sigma,
  createNodeBorderProgram,
};
